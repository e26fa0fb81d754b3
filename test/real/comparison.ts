import { type Conversation, NotObserved } from './conversation.js';
import { NoAnswer } from './httpsClient.js';
import type { Observation, Seen } from './observations/observation.js';
import { sameValue, type Shape } from './shape.js';

/** What one party showed, or why it could not. */
export type Outcome = Seen | { notObserved: string };

/** One aspect in which the real org is not as the stand-in, or not as the facts. */
export type Difference = { aspect: string; standIn?: string | undefined; real?: string | undefined; facts?: string };

export type Finding = {
  observation: Observation;
  standIn: Outcome;
  real: Outcome;
  differences: Difference[];
};

/** Makes one observation. A refusal is something seen; an observation that needs what is not there is none. */
export async function observe(observation: Observation, org: Conversation): Promise<Outcome> {
  try {
    return await observation.ask(org);
  } catch (error) {
    if (error instanceof NotObserved) return { notObserved: error.message };
    if (error instanceof NoAnswer) return { shape: { connection: error.code } };
    throw error;
  }
}

/** Compares what both showed. What the real org could not show is no difference. */
export function compare(observation: Observation, standIn: Outcome, real: Outcome): Finding {
  const differences =
    'notObserved' in real ? [] : together(fromStandIn(standIn, real.shape), fromFacts(observation, real.shape));
  return { observation, standIn, real, differences };
}

function fromStandIn(standIn: Outcome, real: Shape): Difference[] {
  if ('notObserved' in standIn) return [];
  const aspects = [...new Set([...Object.keys(standIn.shape), ...Object.keys(real)])];
  return aspects
    .filter((aspect) => !sameValue(standIn.shape[aspect], real[aspect]))
    .map((aspect) => ({ aspect, standIn: standIn.shape[aspect] ?? 'absent', real: real[aspect] ?? 'absent' }));
}

/** Against the version of the facts that fits best. */
function fromFacts({ facts = [] }: Observation, real: Shape): Difference[] {
  const [nearest = []] = facts
    .map((shape) =>
      Object.entries(shape)
        .filter(([aspect, value]) => !sameValue(value, real[aspect]))
        .map(([aspect, value]) => ({ aspect, facts: value, real: real[aspect] ?? 'absent' })),
    )
    .sort((a, b) => a.length - b.length);
  return nearest;
}

function together(...lists: Difference[][]): Difference[] {
  const byAspect = new Map<string, Difference>();
  for (const difference of lists.flat()) {
    byAspect.set(difference.aspect, { ...byAspect.get(difference.aspect), ...difference });
  }
  return [...byAspect.values()];
}
