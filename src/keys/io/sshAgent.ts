import { connect } from 'node:net';

/** Where Windows' own ssh-agent listens. */
const windowsPipe = '\\\\.\\pipe\\openssh-ssh-agent';

/** More than any agent has to say. */
const maxBytes = 256 * 1024;

/** Why an agent cannot be asked, in words that follow "The ssh-agent cannot be used: ". */
export class AgentUnreachable extends Error {}

/** Where the agent of this session listens; undefined when there is none. */
function agentAddress(): string | undefined {
  const given = process.env['SSH_AUTH_SOCK']?.trim() || undefined;
  if (process.platform !== 'win32') return given;
  // what Git's shell or WSL set there is not a pipe
  return given?.startsWith('\\\\.\\pipe\\') ? given : windowsPipe;
}

/**
 * One question to the ssh-agent, on a connection of its own.
 *
 * @returns the answer, without its length
 * @throws AgentUnreachable, the signal's reason
 */
export async function askAgent(request: Buffer, signal: AbortSignal): Promise<Buffer> {
  const address = agentAddress();
  if (address === undefined) throw new AgentUnreachable('none is running here (SSH_AUTH_SOCK is not set)');
  const socket = connect(address);
  const abort = (): void => {
    socket.destroy();
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      let received = Buffer.alloc(0);
      socket.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        if (received.length < 4) return;
        const length = received.readUInt32BE();
        if (length > maxBytes) reject(new AgentUnreachable('what answers is no ssh-agent'));
        else if (received.length >= 4 + length) resolve(received.subarray(4, 4 + length));
      });
      socket.once('error', (error: NodeJS.ErrnoException) => {
        reject(new AgentUnreachable(problems[error.code ?? ''] ?? `it cannot be reached (${error.code})`));
      });
      socket.once('close', () => {
        reject(signal.aborted ? (signal.reason as Error) : new AgentUnreachable('it ended the conversation'));
      });
      if (signal.aborted) abort();
      socket.write(request);
    });
  } finally {
    signal.removeEventListener('abort', abort);
    socket.destroy();
  }
}

const problems: Record<string, string> = {
  ENOENT: 'there is none where SSH_AUTH_SOCK says',
  ECONNREFUSED: 'it has ended, and what SSH_AUTH_SOCK names is left over',
  EACCES: 'this user may not use it',
  EPERM: 'this user may not use it',
  ENOTSOCK: 'what SSH_AUTH_SOCK names is no socket',
};
