import { randomBytes } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Random text of letters and digits, which stands unescaped in forms, URLs and sfdx auth URLs. */
export function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('');
}

/**
 * The three characters that make a case-sensitive 15-character Salesforce id safe to compare without case: one bit for
 * each upper-case letter, five bits a character.
 */
function checksum(id15: string): string {
  return [0, 5, 10]
    .map((start) => {
      const bits = Array.from(id15.slice(start, start + 5), (c, i) => (/[A-Z]/.test(c) ? 1 << i : 0)).reduce(
        (a, b) => a + b,
        0,
      );
      return 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'.charAt(bits);
    })
    .join('');
}

/** The 18-character form of a record id of 15. */
export function longId(id15: string): string {
  return id15 + checksum(id15);
}

/** The 15-character form of a record id, which is what `SandboxProcess.SandboxOrganization` and access tokens hold. */
export function shortId(id: string): string {
  return id.slice(0, 15);
}

/** Hands out record ids in order, so that two runs of the same steps give the same ids. */
export class RecordIds {
  private count = 0;

  /** @param prefix - the three characters that tell the object, `00D` for an org */
  public next(prefix: string): string {
    this.count += 1;
    return longId(`${prefix}5g0000${this.count.toString(36).toUpperCase().padStart(6, '0')}`);
  }
}
