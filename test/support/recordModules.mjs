// Loaded into sf: notes every file that it loads as code, a line a file.
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const file = process.env.JIT_MODULES_FILE;
if (file && isMainThread) {
  registerHooks({
    load(url, context, nextLoad) {
      if (url.startsWith('file:')) appendFileSync(file, `${url}\n`);
      return nextLoad(url, context);
    },
  });
}
