import { expect } from 'chai';
import configMeta from '../../../src/configMeta.js';
import { isOwnSetting, ownSettings } from '../../../src/sfStore/ownSettings.js';

describe('ownSettings', () => {
  it('are all that sf is told of, so that none is left behind when the plugin is removed', () => {
    expect(ownSettings).to.have.members(configMeta.map(({ key }) => key));
  });

  it('are none of sf, nor of other plugins', () => {
    for (const name of ['target-org', 'org-instance-url', 'jit', 'jit-', ''])
      expect(isOwnSetting(name), name).to.equal(false);
  });
});
