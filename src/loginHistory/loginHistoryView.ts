import { Messages } from '@salesforce/core/messages';
import { valuesToShow } from '../failures/untrustedText.js';
import { shortTime, tellingColumns } from '../terminal/columns.js';
import { nearSeconds } from './rememberedEvents.js';
import type { HistoryRow, LoginHistory } from './loginHistory.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-plugin-jit', 'jit.org.logins');

/** One login, as `sf jit org logins --json` gives it; what the org does not say is null. */
export type ShownLogin = {
  side: 'production' | 'sandbox';
  username: string;
  /** ISO 8601, by the org's clock. */
  loginTime: string;
  loginType: string;
  status: string;
  application: string | null;
  sourceIp: string | null;
  loginUrl: string | null;
  /** Whether this machine remembers a login, or a failure, of the same time. */
  byThisMachine: boolean;
};

/** What this machine remembers. */
export type ShownEvent = {
  did: 'login' | 'failure';
  /** ISO 8601, by this machine's clock. */
  at: string;
  /** Of a login. */
  username: string | null;
  /** Class of a failure. */
  failure: string | null;
  /** Whether a login of that time is among those shown. */
  isShown: boolean;
};

/** The result of the command, but for the id of its requests. */
export function loginHistoryResult({ rows, events }: LoginHistory): {
  logins: ShownLogin[];
  thisMachine: ShownEvent[];
} {
  return {
    logins: rows.map((row) => ({
      side: row.side,
      username: row.username,
      loginTime: row.at,
      loginType: row.type,
      status: row.status,
      application: row.application ?? null,
      sourceIp: row.sourceIp ?? null,
      loginUrl: row.loginUrl ?? null,
      byThisMachine: row.byThisMachine,
    })),
    thisMachine: events.map(({ event, isShown }) => ({
      did: event.kind,
      at: event.at,
      username: event.kind === 'login' ? event.username : null,
      failure: event.kind === 'failure' ? event.name : null,
      isShown,
    })),
  };
}

type Cell = 'time' | 'org' | 'application' | 'type' | 'status' | 'from' | 'here';

/** The table. What every OAuth login says, and what only one org can say, is left out, so that it fits a terminal. */
export function loginTable(rows: readonly HistoryRow[]): {
  data: Array<Record<Cell, string>>;
  columns: Array<{ key: Cell; name: string }>;
} {
  const isOneOrg = new Set(rows.map(({ side }) => side)).size < 2;
  const data = rows.map((row): Record<Cell, string> => ({
    time: shortTime(row.at),
    org: isOneOrg ? '' : row.org,
    application: row.application ?? '',
    type: row.type,
    status: row.status,
    from: row.sourceIp ?? '',
    here: row.byThisMachine ? messages.getMessage('here') : '',
  }));
  const columns = tellingColumns<Cell>(
    [
      { key: 'time', name: 'Time' },
      { key: 'org', name: 'Org' },
      { key: 'application', name: 'Application' },
      { key: 'type', name: 'Type', plain: 'Remote Access 2.0' },
      { key: 'status', name: 'Status', plain: 'Success' },
      { key: 'from', name: 'From' },
      { key: 'here', name: 'Here' },
    ],
    data,
  );
  return { data, columns };
}

/** What stands below the table: what the mark means, and what this machine remembers without finding it among the logins. */
export function loginNotes({ rows, events }: LoginHistory): string[] {
  const isMarked = rows.some(({ byThisMachine }) => byThisMachine);
  const missed = events.flatMap(({ event, isShown }) => {
    // an earlier login is older than the oldest row, in most cases
    if (isShown || (event.kind === 'login' && event.isEarlier)) return [];
    const time = shortTime(event.at);
    return event.kind === 'login'
      ? [messages.getMessage('missed.login', valuesToShow([event.sandboxName, event.username, time]))]
      : [messages.getMessage('missed.failure', valuesToShow([event.name, time]))];
  });
  return [...(isMarked ? [messages.getMessage('marked', [nearSeconds])] : []), ...missed];
}
