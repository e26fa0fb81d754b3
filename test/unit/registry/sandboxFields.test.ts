import { expect } from 'chai';
import type { Layer } from '../../../src/registry/environmentFields.js';
import { withKnownSandbox } from '../../../src/registry/knownSandbox.js';
import { mergeLayers } from '../../../src/registry/mergeLayers.js';
import { parseProjectLayer } from '../../../src/registry/projectLayer.js';
import { parseRegistry, registryText } from '../../../src/registry/registryFile.js';
import type { SandboxRegistration } from '../../../src/registry/sandboxFields.js';
import { storedSandbox } from '../../../src/registry/sandboxFields.js';
import { acme, productionUsername } from '../../support/fakes.js';
import { failureOf } from '../../support/rejection.js';

type Stored = Required<Omit<SandboxRegistration, 'project'>>;

/** A sandbox of which everything is known: a field that is added must be given here as well. */
const whole: Stored = {
  sandboxName: 'uat',
  username: 'true@acme.example.uat',
  alias: 'acceptance',
  productionUsername,
  productionOrgId: acme().productionOrgs[0]!.orgId,
  signedInBy: 'code',
  isJitRegistration: true,
};

/** Who may say what: a repository's file is the word of whoever writes it. */
const sayers: Record<keyof Stored, readonly Layer[]> = {
  sandboxName: ['global', 'project'],
  username: ['global'],
  alias: ['global', 'project'],
  productionUsername: ['global', 'project'],
  productionOrgId: ['project'],
  signedInBy: ['global'],
  isJitRegistration: ['global', 'project'],
};

const fields = Object.keys(whole) as Array<keyof Stored>;
const only = (layer: Layer): object =>
  Object.fromEntries(fields.filter((field) => sayers[field].includes(layer)).map((field) => [field, whole[field]]));

describe('the fields of a registered sandbox', () => {
  for (const layer of ['global', 'project'] as const) {
    it(`are written to the ${layer} layer when it may say them, in one order`, () => {
      const written = storedSandbox({ ...whole, project: { productionUsername } }, layer);
      expect(written).to.deep.equal(only(layer));
      const reversed = Object.fromEntries(Object.entries(whole).reverse()) as Stored;
      expect(Object.keys(storedSandbox(reversed, layer))).to.deep.equal(Object.keys(written));
    });
  }

  it("stay what they are in this machine's file, which is read without those that it may not say", () => {
    const registry = { ...acme(), sandboxes: [whole] };
    expect(parseRegistry(registryText(registry)).sandboxes).to.deep.equal([only('global')]);
    const file = JSON.parse(registryText(registry)) as object;
    expect(parseRegistry(JSON.stringify({ ...file, sandboxes: [whole] })).sandboxes).to.deep.equal([only('global')]);
  });

  it("stay what they are in the project's file, which is refused with any other", () => {
    const parse = (sandbox: object): readonly SandboxRegistration[] =>
      parseProjectLayer({ sandboxes: [sandbox] }, 'sfdx-project.json').sandboxes;
    expect(parse(only('project'))).to.deep.equal([{ ...only('project'), username: `${productionUsername}.uat` }]);
    for (const field of fields.filter((name) => !sayers[name].includes('project'))) {
      const failure = failureOf(() => parse({ ...only('project'), [field]: whole[field] }));
      expect(failure.facts.problems, field).to.match(new RegExp(`^sandboxes\\[0\\]\\.${field}: (not allowed|unknown)`));
    }
  });

  it('are those of both layers when they are merged: what this machine learned, and else what the project says', () => {
    const { sandboxName, username, signedInBy } = whole;
    const known = { sandboxName, productionUsername, username, signedInBy };
    const project = parseProjectLayer({ sandboxes: [only('project')] }, 'sfdx-project.json');
    for (const sandboxes of [[], acme().sandboxes]) {
      const merged = mergeLayers(withKnownSandbox({ ...acme(), sandboxes }, known), project);
      expect(merged.sandboxes).to.deep.equal([{ ...whole, project: { productionUsername } }]);
    }
  });
});
