// What sf-plugins-core takes from `@oclif/core`: not the parts that run a CLI, look for plugins and read their TypeScript.
export { Command } from '@oclif/core/command';
export * as Flags from '@oclif/core/flags';
export * as ux from '@oclif/core/ux';
