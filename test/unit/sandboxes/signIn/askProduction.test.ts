import { expect } from 'chai';
import { JitFailure } from '../../../../src/failures/failures.js';
import type { LoginTarget } from '../../../../src/sandboxes/signIn/loginTarget.js';
import { findLoginTarget } from '../../../../src/sandboxes/signIn/loginTarget.js';
import { askProduction } from '../../../../src/sandboxes/signIn/askProduction.js';
import type { FakePorts } from '../../../support/fakes.js';
import { acme, fakePorts, grantFor, productionUsername, state } from '../../../support/fakes.js';
import { rejection } from '../../../support/rejection.js';

const callbackUrl = 'http://localhost:1717/OauthRedirect';
const app = { clientId: '3MVG9test', callbackUrl };
const refused = new JitFailure('SandboxAuthFailed', { sandbox: 'uat', production: productionUsername, answer: 'odd' });

describe('asking production for a sandbox', () => {
  let ports: FakePorts;
  let target: LoginTarget;
  beforeEach(() => {
    target = findLoginTarget({ sandbox: 'uat', variables: { hasPrivateKey: false }, callbackUrl }, acme());
    ports = fakePorts();
    ports.salesforce.vouch = () => {
      throw refused;
    };
  });

  const ask = async (explain = true) => askProduction(target, app, explain, ports);
  /** Why production does not give its word. */
  const refusal = async (explain = true): Promise<JitFailure> => {
    const word = await ask(explain);
    if ('vouched' in word) throw new Error('production vouched');
    return word.refusal;
  };

  it('names the sandbox, the app and its callback URL, and whom a failure would be about', async () => {
    let asked: unknown[] = [];
    const answer = fakePorts().salesforce.vouch('token');
    ports.salesforce.sandboxAuth = async (_session, ...question) => {
      asked = question;
      return answer;
    };
    expect(await ask()).to.deep.equal({ vouched: answer });
    expect(asked).to.deep.equal([
      { sandboxName: 'uat', clientId: '3MVG9test', callbackUrl },
      {
        org: `production org ${productionUsername}`,
        side: 'production',
        user: productionUsername,
        production: productionUsername,
        sandbox: 'uat',
      },
    ]);
  });

  it('tells who made the sandbox when that was another user', async () => {
    ports.salesforce.states = [state('uat', { createdById: '0055g0000000009AAA' })];
    const failure = await refusal();
    expect(failure.name).to.equal('NotSandboxCreator');
    expect(failure.facts).to.include({
      sandbox: 'uat',
      production: productionUsername,
      user: productionUsername,
      creator: '0055g0000000009AAA',
    });
  });

  it('knows of a refusal whether the user who asked made the sandbox', async () => {
    expect((await refusal()).facts.creator).to.equal(productionUsername);
    ports.salesforce.states = new JitFailure('Timeout', { org: 'production org', host: 'h', seconds: '30' });
    expect((await refusal()).facts.creator).to.equal(undefined);
  });

  it('does not ask the records again where they were asked before', async () => {
    expect((await refusal(false)).name).to.equal(refused.name);
    expect(ports.salesforce.calls).not.to.include('sandboxStates');
  });

  it('throws what cannot be done without, and why production could not be asked', async () => {
    ports.salesforce.states = [];
    expect((await rejection(ask())).name).to.equal('SandboxNotFound');
    ports.salesforce.jwt = () => {
      throw new JitFailure('InvalidClientId', { org: 'production org', clientId: '3MVG9test', host: 'h' });
    };
    ports.sessions.clear();
    ports.sfOrgs.orgs.clear();
    expect((await rejection(ask())).name).to.equal('InvalidClientId');
  });

  describe('through a login of sf, which knows no user id', () => {
    beforeEach(async () => {
      const { userId, ...session } = grantFor(productionUsername);
      expect(userId).not.to.equal(undefined);
      await ports.sfOrgs.storeProduction(
        { username: productionUsername, clientId: '3MVG9test', ...session },
        undefined,
      );
      ports.salesforce.states = [state('uat', { createdById: '0055g0000000009AAA' })];
    });
    const eve = { id: '0055g0000000009AAA', username: 'eve@acme.example', name: 'Eve Example' };

    it('finds out who asked and who made the sandbox by one query, and names that user', async () => {
      ports.salesforce.known.push(eve);
      const { name, facts } = await refusal();
      expect([name, facts.creator]).to.deep.equal(['NotSandboxCreator', 'Eve Example (eve@acme.example)']);
      expect(ports.salesforce.calls.filter((call) => call.startsWith('users'))).to.deep.equal([
        `users ${productionUsername} ${eve.id}`,
      ]);
    });

    it('does not blame the user who made it', async () => {
      ports.salesforce.known = [{ ...eve, username: productionUsername }];
      const { name, facts } = await refusal();
      expect([name, facts.creator]).to.deep.equal([refused.name, productionUsername]);
    });

    it('says of nobody that it was them where production knows the user who asked by no such name', async () => {
      ports.salesforce.known = [eve];
      const { name, facts } = await refusal();
      expect([name, facts.creator]).to.deep.equal([refused.name, undefined]);
    });

    it('gives the refusal itself when production does not tell who is who', async () => {
      ports.salesforce.users = () => Promise.reject(new JitFailure('ApiLimitReached', { org: 'production org' }));
      const { name, facts } = await refusal();
      expect([name, facts.creator]).to.deep.equal([refused.name, undefined]);
    });

    it('does not hide an error of the program behind that', async () => {
      const bug = new RangeError('bug');
      ports.salesforce.users = () => Promise.reject(bug);
      expect(await ask().catch((error: unknown) => error)).to.equal(bug);
    });
  });

  it('names who made it by an id where production does not tell the name', async () => {
    ports.salesforce.states = [state('uat', { createdById: '0055g0000000009AAA' })];
    ports.salesforce.users = () => Promise.reject(new JitFailure('ApiLimitReached', { org: 'production org' }));
    const { name, facts } = await refusal();
    expect([name, facts.creator]).to.deep.equal(['NotSandboxCreator', '0055g0000000009AAA']);
  });

  it('asks for no people where the records say what is wrong with the sandbox, or not who made it', async () => {
    ports.salesforce.states = [state('uat', { status: 'Deleted' })];
    expect((await rejection(ask())).name).to.equal('SandboxDeleted');
    ports.salesforce.states = [state('uat', { createdById: undefined })];
    const { name, facts } = await refusal();
    expect([name, facts.creator]).to.deep.equal([refused.name, undefined]);
    expect(ports.salesforce.calls.filter((call) => call.startsWith('users'))).to.deep.equal([]);
  });

  it('does not read the records of production for a failure that explains itself', async () => {
    const limit = new JitFailure('ApiLimitReached', { org: 'production org' });
    ports.salesforce.vouch = () => {
      throw limit;
    };
    expect((await rejection(ask())).name).to.equal(limit.name);
    expect(ports.salesforce.calls).not.to.include('sandboxStates');
  });

  it('does not hide an error of the program behind a refusal', async () => {
    const bug = new RangeError('bug');
    ports.salesforce.sandboxStates = () => Promise.reject(bug);
    expect(await ask().catch((error: unknown) => error)).to.equal(bug);
  });

  it('gives the refusal itself when the records cannot be read', async () => {
    ports.salesforce.states = new JitFailure('Timeout', { org: 'production org', host: 'h', seconds: '30' });
    const { name, facts } = await refusal();
    expect(name).to.equal(refused.name);
    expect(facts).to.include(refused.facts);
  });
});
