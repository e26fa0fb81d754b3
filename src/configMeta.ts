import { createRequire } from 'node:module';
import type { Messages as CoreMessages } from '@salesforce/core/messages';

/*
 * plugin-settings loads this file for every sf command (its init hook), so it must cost next to nothing: core, which has the reader of
 * message files, is loaded only when a text is asked for.
 */
const text = (key: string): string => {
  const { Messages } = createRequire(import.meta.url)('@salesforce/core/messages') as { Messages: typeof CoreMessages };
  Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
  return Messages.loadMessages('sf-plugin-jit', 'configMeta').getMessage(key);
};

/** Alias or username of the production org that is meant when a command does not say which. */
export const productionOrgSetting = 'jit-production-org';

/** What is stored after a sandbox login: one of `authTypes`. */
export const authTypeSetting = 'jit-auth-type';

const authTypes = ['jwt', 'access-token', 'sfdx-auth-url'];

/**
 * The plugin's configuration variables, which `sf config set` then knows (oclif `configMeta`). Each can also be set in the environment,
 * as `SF_` and the key in capitals with underscores (sfdx-core, configAggregator).
 */
export default [
  {
    key: productionOrgSetting,
    get description(): string {
      return text('jit-production-org.description');
    },
    input: {
      validator: (value: unknown): boolean => typeof value === 'string' && value.trim() !== '',
      get failedMessage(): string {
        return text('jit-production-org.failed');
      },
    },
  },
  {
    key: authTypeSetting,
    get description(): string {
      return text('jit-auth-type.description');
    },
    input: {
      validator: (value: unknown): boolean => authTypes.includes(value as string),
      get failedMessage(): string {
        return text('jit-auth-type.failed');
      },
    },
  },
];
