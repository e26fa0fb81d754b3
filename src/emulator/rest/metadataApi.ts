import { type Answer, type Call, textAnswer } from '../server/exchange.js';
import type { World } from '../world/world.js';

/*
 * The two calls of the SOAP Metadata API that `sf project deploy start` makes. Every deployment succeeds, and nothing is looked at but the
 * session: what the commands need is an org that takes their login.
 */

const namespaces =
  'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata"';

function soapAnswer(status: number, body: string): Answer {
  const envelope = `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope ${namespaces}><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;
  return textAnswer(status, envelope, 'text/xml;charset=UTF-8');
}

const invalidSession = soapAnswer(
  500,
  '<soapenv:Fault><faultcode>sf:INVALID_SESSION_ID</faultcode><faultstring>INVALID_SESSION_ID: Invalid Session ID found in ' +
    'SessionHeader: Illegal Session</faultstring></soapenv:Fault>',
);

/** Everything below `/services/Soap/m`. */
export function answerMetadata(world: World, call: Call): Answer {
  const token = /<(?:\w+:)?sessionId>([^<]*)</.exec(call.body)?.[1] ?? '';
  const session = world.sessions.findSession(token);
  if (!session || session.org !== call.host.org) return invalidSession;
  call.caller = { orgId: session.org.id, username: session.user.username };
  if (/<(?:\w+:)?deploy[\s>]/.test(call.body)) {
    const result = `<done>false</done><id>${world.ids.next('0Af')}</id><state>Queued</state>`;
    return soapAnswer(200, `<deployResponse><result>${result}</result></deployResponse>`);
  }
  const [, id] =
    /<(?:\w+:)?checkDeployStatus[\s>][\s\S]*?<(?:\w+:)?(?:asyncProcessId|id)>(\w{15,18})</.exec(call.body) ?? [];
  if (id === undefined) {
    return soapAnswer(
      500,
      '<soapenv:Fault><faultcode>sf:UNKNOWN_EXCEPTION</faultcode><faultstring>Not emulated</faultstring></soapenv:Fault>',
    );
  }
  const now = new Date(world.now()).toISOString();
  const result =
    `<id>${id}</id><done>true</done><success>true</success><status>Succeeded</status><checkOnly>false</checkOnly>` +
    `<createdDate>${now}</createdDate><startDate>${now}</startDate><completedDate>${now}</completedDate>` +
    '<ignoreWarnings>true</ignoreWarnings><rollbackOnError>true</rollbackOnError><runTestsEnabled>false</runTestsEnabled>' +
    '<numberComponentErrors>0</numberComponentErrors><numberComponentsDeployed>0</numberComponentsDeployed>' +
    '<numberComponentsTotal>0</numberComponentsTotal><numberTestErrors>0</numberTestErrors>' +
    '<numberTestsCompleted>0</numberTestsCompleted><numberTestsTotal>0</numberTestsTotal>' +
    '<details><runTestResult><numFailures>0</numFailures><numTestsRun>0</numTestsRun><totalTime>0.0</totalTime></runTestResult></details>';
  return soapAnswer(200, `<checkDeployStatusResponse><result>${result}</result></checkDeployStatusResponse>`);
}
