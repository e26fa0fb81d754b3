import { endLeftRuns as end } from '../exec/endLeftRuns.js';
import { runNotesWith } from '../exec/io/runNoteFiles.js';
import { withTimeLimit } from '../files/io/timeLimit.js';
import { ports } from './ports.js';
import { leftRunsWords } from '../exec/execView.js';
import { noteFailure } from './failureText.js';
import { showPassingWaiting } from './waiting.js';

/** A command of the plugin waits no longer for what an earlier one left. */
const atMost = 5000;

/** Revokes what killed runs of `exec` left. Throws nothing, and what fails is kept for `sf doctor`: the command is about something else. */
export async function endLeftRuns(): Promise<void> {
  const runNotes = runNotesWith(() => '');
  const waiting = showPassingWaiting(process.argv.includes('--json'), (line) => process.stderr.write(`${line}\n`));
  waiting.start(leftRunsWords());
  try {
    await noteFailure(await withTimeLimit(AbortSignal.timeout(atMost), () => end({ ...ports, runNotes })));
  } catch (error) {
    await noteFailure(error);
  } finally {
    waiting.stop();
  }
}
