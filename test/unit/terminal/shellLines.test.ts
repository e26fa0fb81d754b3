import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { settingVariables, usingVariables } from '../../../src/terminal/shellLines.js';

describe('lines for a shell', () => {
  const variables = { KEY_FILE: "/it's $HOME/key", LOGIN_URL: 'https://localhost:1' };

  it('set the variables, in the shell of this machine, to what they are', () => {
    const lines = settingVariables(variables, process.platform);
    const [shell, args, print] =
      process.platform === 'win32'
        ? ['powershell.exe', ['-NoProfile', '-Command'], 'Write-Host -NoNewline "$env:KEY_FILE|$env:LOGIN_URL"']
        : ['/bin/sh', ['-c'], `printf '%s|%s' "$KEY_FILE" "$LOGIN_URL"`];
    const printed = execFileSync(shell, [...args, `${lines}\n${print}`], { encoding: 'utf8' });
    expect(printed).to.equal("/it's $HOME/key|https://localhost:1");
  });

  it('are exported in a Unix shell, one in a line', () => {
    expect(settingVariables(variables, 'linux')).to.equal(
      "export KEY_FILE='/it'\\''s $HOME/key'\nexport LOGIN_URL='https://localhost:1'",
    );
  });

  it('are of PowerShell on Windows, where a quote in a text is doubled', () => {
    expect(settingVariables(variables, 'win32')).to.equal(
      "$env:KEY_FILE = '/it''s $HOME/key'\n$env:LOGIN_URL = 'https://localhost:1'",
    );
  });

  it('use variables as the shell wants them', () => {
    const line = 'sf jit org register --username $USERNAME --jwt-key-file $KEY_FILE';
    expect(usingVariables(line, 'darwin')).to.equal(line);
    expect(usingVariables(line, 'win32')).to.equal(
      'sf jit org register --username $env:USERNAME --jwt-key-file $env:KEY_FILE',
    );
  });
});
