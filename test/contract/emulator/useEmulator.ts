import type { Emulator, EmulatorOptions } from '../../../src/emulator/index.js';
import { startEmulator } from '../../../src/emulator/index.js';
import { ProtocolClient } from './protocolClient.js';

export type EmulatorUnderTest = Emulator & { client: ProtocolClient };

/** Starts an emulator before the tests of the enclosing `describe` and stops it after them. */
export function useEmulator(options: EmulatorOptions = {}): EmulatorUnderTest {
  const held = {} as EmulatorUnderTest;
  before(async () => {
    const emulator = await startEmulator(options);
    Object.assign(held, emulator, { client: new ProtocolClient(emulator.info) });
  });
  after(() => held.stop());
  return held;
}
