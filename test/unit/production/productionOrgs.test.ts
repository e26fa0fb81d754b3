import { expect } from 'chai';
import { failureText } from '../../../src/failures/failureView.js';
import {
  displayProductionOrg,
  listProductionOrgs,
  usernameOfProduction,
} from '../../../src/production/productionOrgs.js';
import { resolveProduction } from '../../../src/production/productionCredentials.js';
import { acme, fakePorts, productionUsername } from '../../support/fakes.js';
import { failureOf, rejection } from '../../support/rejection.js';

const none = { hasPrivateKey: false };

describe('what -p names', () => {
  it('is a registered alias, a username, or an alias that only sf has', async () => {
    const ports = fakePorts();
    const meant = (name: string | undefined, username?: string) => usernameOfProduction(name, { username }, ports);
    ports.sfOrgs.names.set('live', productionUsername).set('ci', 'ci@acme.example').set('prod', 'x@else.example');
    expect(await meant(undefined)).to.equal(undefined);
    expect(await meant('prod')).to.equal('prod');
    expect(await meant(productionUsername)).to.equal(productionUsername);
    expect(await meant('live')).to.equal(productionUsername);
    expect(await meant('ci')).to.equal('ci');
    expect(await meant('ci', 'CI@acme.example')).to.equal('ci@acme.example');
    expect(await meant('nobody')).to.equal('nobody');
  });

  it('is what is registered under an alias, wherever the alias leads in sf', async () => {
    const other = 'ops@other.example';
    const ports = fakePorts({
      ...acme(),
      productionOrgs: [...acme().productionOrgs, { ...acme().productionOrgs[0]!, username: other, alias: 'other' }],
    });
    ports.sfOrgs.names.set('prod', other);
    expect(await usernameOfProduction('prod', {}, ports)).to.equal('prod');
  });

  it('is not said to come from the setting when it is the default that the registry keeps', async () => {
    const registry = { ...acme(), defaultProductionOrg: 'gone@acme.example' };
    for (const failure of [
      await rejection(displayProductionOrg(undefined, 'gone@acme.example', fakePorts(registry))),
      failureOf(() => resolveProduction(registry, none, undefined, undefined, 'gone@acme.example')),
    ]) {
      expect(failure.facts).to.include({ field: '"defaultProductionOrg" in ~/.sf/jit.json', setting: undefined });
      const { message, actions } = failureText(failure);
      expect(message).to.contain('the default that this machine keeps').and.not.contain('jit-production-org');
      expect(actions.join('\n')).not.to.contain('config unset');
    }
    const other = failureOf(() => resolveProduction(registry, none, undefined, undefined, 'other'));
    expect(other.facts).to.include({ setting: 'jit-production-org', field: undefined });
  });

  it('is said to come from the setting when it does', async () => {
    const ports = fakePorts();
    const wrong = await rejection(displayProductionOrg(undefined, 'gone', ports));
    expect(wrong.facts).to.include({ production: 'gone', setting: 'jit-production-org' });
    expect((await rejection(displayProductionOrg('gone', 'prod', ports))).facts.setting).to.equal(undefined);
    const unresolved = failureOf(() => resolveProduction(acme(), none, undefined, undefined, 'gone'));
    expect(unresolved.facts).to.include({ production: 'gone', setting: 'jit-production-org' });
    expect(failureOf(() => resolveProduction(acme(), none, 'gone')).facts.setting).to.equal(undefined);
  });
});

describe('the registered production orgs', () => {
  const [prod] = acme().productionOrgs;
  const other = { ...prod!, username: 'ops@other.example', alias: 'other' };
  const list = async (configured?: string, productionOrgs = [prod!, other]) =>
    (await listProductionOrgs(configured, fakePorts({ ...acme(), productionOrgs }))).map(
      ({ username, isDefault, sandboxes }) => [username, isDefault, sandboxes],
    );

  it('have their sandboxes, and are the default when they are configured, or alone', async () => {
    const both = (ofProd: boolean, ofOther: boolean) => [
      [productionUsername, ofProd, ['uat']],
      [other.username, ofOther, []],
    ];
    expect(await list()).to.deep.equal(both(false, false));
    expect(await list('OTHER')).to.deep.equal(both(false, true));
    expect(await list(productionUsername)).to.deep.equal(both(true, false));
    expect(await list('gone')).to.deep.equal(both(false, false));
    expect(await list(undefined, [prod!])).to.deep.equal([[productionUsername, true, ['uat']]]);
    expect(await list('gone', [prod!])).to.deep.equal([[productionUsername, false, ['uat']]]);
  });
});
