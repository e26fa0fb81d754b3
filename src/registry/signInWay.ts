/**
 * The ways of signing in to a sandbox:
 *
 * - `jwt`: production vouches for the user, whom its key signs in
 * - `code`: by the authorization code that comes with production's word, for the app that production is logged in to with
 * - `own-key`: by production's key alone, without its word
 * - `platform-cli`: production vouches for `PlatformCLI`, sf's own app, and the code that comes with that is exchanged
 */
export const signInWays = ['jwt', 'code', 'own-key', 'platform-cli'] as const;

/** A way of signing in to a sandbox. */
export type SignInWay = (typeof signInWays)[number];

/** Whether something that was read is a way of signing in that this version knows. */
export function isSignInWay(value: unknown): value is SignInWay {
  return signInWays.some((way) => way === value);
}

/** A way with which a login starts because the last one found that the usual way is refused. `jwt` needs no remembering. */
export type RememberedWay = Exclude<SignInWay, 'jwt'>;

/** Reads a way from a file. Undefined for anything else: a newer version may know more ways, and this one starts with the usual way. */
export function asRememberedWay(value: string | undefined): RememberedWay | undefined {
  return signInWays.find((way): way is RememberedWay => way !== 'jwt' && way === value);
}
