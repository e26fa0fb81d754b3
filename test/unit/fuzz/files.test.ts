import { expect } from 'chai';
import fc from 'fast-check';
import { parseSfconnect } from '../../../src/production/sfconnect.js';
import { configFileWarnings, readConfigFile } from '../../../src/production/configFile.js';
import { parsePrivateKey, looksLikePrivateKey } from '../../../src/keys/privateKey.js';
import { unwrap } from '../../../src/keys/mangledSecret.js';
import { mergeLayers } from '../../../src/registry/mergeLayers.js';
import { parseProjectLayer } from '../../../src/registry/projectLayer.js';
import { emptyRegistry, findSandbox } from '../../../src/registry/registry.js';
import { parseRegistry, RegistryProblem, registryText } from '../../../src/registry/registryFile.js';
import { showable } from '../../../src/failures/untrustedText.js';
import { testKeyObject } from '../../support/fakes.js';
import { anyJson, anyText, holds, jsonWith, longRuns, safely, traps } from './properties.js';

const sfconnectFields = [
  'instanceUrl',
  'apiVersion',
  'authType',
  'tokenUrl',
  'clientId',
  'username',
  'privateKeyPath',
  'algorithm',
];
const registryFields = ['version', 'productionOrgs', 'sandboxes', 'environments', '__proto__'];
const sandboxFields = [
  'sandboxName',
  'username',
  'alias',
  'productionUsername',
  'isJitRegistration',
  'loginUrl',
  'key',
];

describe('fuzz: a .sfconnect.json', () => {
  const read = (text: string): void => {
    const file = { path: '/project/.sfconnect.json', text, isNamed: false };
    safely(() => parseSfconnect(text, file.path));
    safely(() => readConfigFile(file));
    for (const warning of configFileWarnings(file)) expect(showable(warning, 1000)).to.not.match(traps);
  };

  it('of any text', () => {
    holds(fc.oneof(anyText, anyJson), read, longRuns);
  });

  it('of its fields with any values', () => {
    holds(jsonWith([...sfconnectFields, '__proto__', 'clientID']), read);
  });
});

describe('fuzz: a registry', () => {
  const read = (text: string): void => {
    try {
      const registry = parseRegistry(text);
      expect(parseRegistry(registryText(registry))).to.deep.equal(registry);
      safely(() => findSandbox(registry, 'uat'));
    } catch (error) {
      if (!(error instanceof RegistryProblem)) throw error;
      expect(error.message).to.match(/\S/);
    }
  };

  it('of any text', () => {
    holds(fc.oneof(anyText, anyJson), read, longRuns);
  });

  it('of its fields with any values', () => {
    holds(jsonWith(registryFields), read);
    holds(
      jsonWith(sandboxFields).map(
        (sandbox) => `{"version":1,"productionOrgs":[],"sandboxes":[${sandbox}],"environments":[]}`,
      ),
      read,
    );
  });
});

describe('fuzz: a project layer', () => {
  const read = (text: string): void => {
    const layer = safely(() => parseProjectLayer(JSON.parse(text), '/project/sfdx-project.json'));
    if (layer) mergeLayers(emptyRegistry, layer);
  };

  it('of any JSON', () => {
    holds(anyJson, read);
  });

  it('of its fields with any values', () => {
    holds(jsonWith(['sandboxes', 'environments', '__proto__', 'loginUrl']), read);
    holds(
      jsonWith(sandboxFields).map((sandbox) => `{"sandboxes":[${sandbox}]}`),
      read,
    );
  });
});

describe('fuzz: a private key', () => {
  const pem = testKeyObject.export({ type: 'pkcs8', format: 'pem' }).toString();
  const parse = (text: string): void => {
    unwrap(text);
    looksLikePrivateKey(text);
    safely(() =>
      parsePrivateKey(text, { origin: { variable: 'KEY', production: 'admin@acme.example' }, passphrase: 'x' }),
    );
  };

  it('of any text', () => {
    holds(fc.oneof(anyText, anyJson, fc.base64String({ maxLength: 400 })), parse, longRuns);
  });

  it('of any bytes', () => {
    holds(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString()),
      parse,
    );
  });

  it('that was damaged: never a part of it in the failure', () => {
    const body = pem.replace(/-----[^-]+-----|\s/g, '');
    const cut = fc.tuple(fc.nat(pem.length), fc.nat(60), anyText);
    holds(cut, ([at, length, text]) => {
      const damaged = pem.slice(0, at) + text + pem.slice(at + length);
      try {
        parsePrivateKey(damaged, { origin: { production: 'admin@acme.example' } });
      } catch (error) {
        const said = JSON.stringify(error, Object.getOwnPropertyNames(error));
        for (let index = 48; index + 16 <= body.length; index += 16) {
          expect(said).to.not.contain(body.slice(index, index + 16));
        }
      }
      safely(() => parsePrivateKey(damaged, { origin: { production: 'admin@acme.example' } }));
    });
  });
});
