export { EmulatorControl } from './control/controlClient.js';
export type * from './control/controlTypes.js';
export { type Emulator, type EmulatorOptions, startEmulator } from './emulator.js';
export type { FaultAction } from './server/faults.js';
export type { TokenRefusal } from './oauth/oauthErrors.js';
export type { RequestLogEntry } from './server/requestLog.js';
