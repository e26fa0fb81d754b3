import { distance } from 'fastest-levenshtein';

/** The name that was most probably meant, if any is near enough: at most a third of its letters differ, and at least two may. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const scored = [...new Set(names)]
    .map((candidate) => ({ candidate, away: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((one, other) => one.away - other.away)[0];
  if (!scored) return undefined;
  // two of three letters wrong is another name, unless they only changed places
  const swapped = letters(name) === letters(scored.candidate);
  const allowed = name.length < 4 && !swapped ? 1 : Math.max(2, Math.floor(name.length / 3));
  return scored.away <= allowed ? scored.candidate : undefined;
}

function letters(name: string): string {
  return Array.from(name.toLowerCase()).sort().join('');
}
