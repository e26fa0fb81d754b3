import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { sfconnectFile } from '../../../../src/production/io/sfconnectFile.js';
import { useHome } from '../../../support/home.js';
import { rejection } from '../../../support/rejection.js';

describe('the .sfconnect.json', () => {
  const home = useHome();

  it('is found in the current folder, else in that of the project, and nowhere else', async () => {
    const project = join(home.path, 'project');
    const inner = join(project, 'force-app', 'main');
    await mkdir(inner, { recursive: true });
    await writeFile(join(home.path, '.sfconnect.json'), 'above');
    process.chdir(inner);
    expect(await sfconnectFile.find()).to.equal(undefined);
    await writeFile(join(project, 'sfdx-project.json'), '{}');
    await writeFile(join(project, '.sfconnect.json'), 'project');
    expect(await sfconnectFile.find()).to.deep.include({ text: 'project', isNamed: false });
    await writeFile(join(inner, '.sfconnect.json'), 'here');
    expect(await sfconnectFile.find()).to.deep.include({ text: 'here' });
  });

  it('that is named must be there, and be a file', async () => {
    const missing = await rejection(sfconnectFile.named(join(home.path, 'none.json')));
    expect(missing).to.have.nested.property('facts.problems', 'there is no such file');
    expect((await rejection(sfconnectFile.named(home.path))).facts.problems).to.equal('it is a folder');
    await writeFile(join(home.path, 'some.json'), 'x');
    expect(await sfconnectFile.named(join(home.path, 'some.json'))).to.deep.include({ isNamed: true, text: 'x' });
  });
});
