import { expect } from 'chai';
import { removesThisPlugin } from '../../../src/sfStore/removedPlugin.js';

describe('a command that removes the plugin from sf', () => {
  for (const [id, argv, folder] of [
    ['plugins:uninstall', ['sf-plugin-jit'], undefined],
    ['plugins:uninstall', ['another', 'sf-plugin-jit@latest', '--verbose'], undefined],
    ['plugins:unlink', [], 'sf-plugin-jit'],
    ['plugins:remove', ['.'], 'sf-plugin-jit'],
    ['plugins:reset', ['--hard'], undefined],
  ] as const) {
    it(`is ${id} ${argv.join(' ')}${folder === undefined ? '' : ' in its folder'}`, () => {
      expect(removesThisPlugin(id, argv, folder)).to.equal(true);
    });
  }

  for (const [id, argv, folder] of [
    ['plugins:uninstall', ['sf-plugin-jitter'], undefined],
    ['plugins:uninstall', ['another'], 'sf-plugin-jit'],
    ['plugins:unlink', [], 'another'],
    ['plugins:unlink', [], undefined],
    ['plugins:install', ['sf-plugin-jit'], undefined],
    ['plugins', [], 'sf-plugin-jit'],
  ] as const) {
    it(`is not ${id} ${argv.join(' ')} in a folder of ${folder ?? 'no package'}`, () => {
      expect(removesThisPlugin(id, argv, folder)).to.equal(false);
    });
  }
});
