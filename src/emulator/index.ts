export { EmulatorControl } from './controlClient.js';
export type * from './controlTypes.js';
export { type Emulator, type EmulatorOptions, startEmulator } from './emulator.js';
export type { FaultAction } from './faults.js';
export type { TokenRefusal } from './oauthErrors.js';
export type { RequestLogEntry } from './requestLog.js';
