import { expect } from 'chai';
import { leavesNoSecret, useStage } from '../support/stage.js';

describe('a wrong command line', () => {
  const on = useStage(async () => undefined, { inProcess: true });

  const wrong = [
    'jit org register --no-such-flag',
    'jit sandbox register --all -n uat',
    'jit org register --target-org prod --username me@acme.example',
    'jit sandbox register',
    'jit sandbox login',
  ];
  for (const [index, command] of wrong.entries()) {
    it(`ends with 2 and writes nothing: ${command}`, async () => {
      const { stage } = on;
      const before = await stage.snapshot();
      const run = await stage.sf(command, { inSf: index < 2 });
      expect(run.code, run.stderr).to.equal(2);
      expect(await stage.snapshot()).to.deep.equal(before);
    });
  }

  leavesNoSecret(on);
});
