/** `env-ci` comes without types. What of its answer is used: README, "API". */
declare module 'env-ci' {
  export default function envCi(options?: { env?: NodeJS.ProcessEnv; cwd?: string }): {
    isCi: boolean;
    name?: string;
    service?: string;
    branch?: string;
    tag?: string;
    isPr?: boolean;
  };
}
