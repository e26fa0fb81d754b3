// What `await import('@oclif/table')` of src/terminal/tables.ts becomes: it loads the package for ./tables.js.
import * as tables from '@oclif/table';
import { provide } from './tables.js';

provide(tables);
