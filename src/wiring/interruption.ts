export { endWhenInterrupted } from '../terminal/io/interruption.js';
