import type { Keys } from '../keys/keySource.js';

/**
 * Keys that are read once, and then kept in the memory of this process: a program that runs for days goes on when the file or the
 * variable of a key is gone. A key that could not be read is tried again.
 */
export function rememberedKeys(keys: Keys): Keys {
  const read = new Map<string, ReturnType<Keys['read']>>();
  return {
    parse: (text, origin) => keys.parse(text, origin),
    isReadableByOthers: (path) => keys.isReadableByOthers(path),
    async read(source, production) {
      const name = JSON.stringify([source, production]);
      const known = read.get(name) ?? keys.read(source, production);
      read.set(name, known);
      try {
        return await known;
      } catch (error) {
        read.delete(name);
        throw error;
      }
    },
  };
}
