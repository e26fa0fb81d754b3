import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { failureText } from '../../../../src/failures/failureView.js';
import { aliasGroups } from '../../../../src/sfStore/io/aliasFile.js';
import { useHome } from '../../../support/home.js';
import { rejection } from '../../../support/rejection.js';

describe('the alias file', () => {
  const home = useHome();

  it("that is damaged is sf's, so it is to be repaired and never to be moved away", async () => {
    await mkdir(join(home.path, '.sfdx'));
    await writeFile(join(home.path, '.sfdx', 'alias.json'), '{"orgs": ');
    const { message, actions } = failureText(await rejection(aliasGroups()));
    expect(message).to.match(/^The file .*alias\.json is damaged: /);
    expect(actions.join('\n'))
      .to.match(/Repair .*alias\.json/)
      .and.not.to.match(/mv |no secrets|git diff/);
  });
});
