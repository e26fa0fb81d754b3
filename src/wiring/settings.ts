import meta from '../configMeta.js';
import { coreSettings } from '../sfStore/io/coreSettings.js';

/** sf's configuration, with the plugin's own variables. */
export const settings = coreSettings(meta);
