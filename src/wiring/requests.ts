import { sentId } from '../salesforce/io/requestId.js';

/** What every result says of a run that asked Salesforce. */
export type RequestMark = {
  /** The id under which Salesforce's event logs have the requests of this run, in each org; absent when nothing was asked. */
  requestId?: string;
};

/** How the requests of this run can be found. */
export function requestMark(): RequestMark {
  const requestId = sentId();
  return requestId === undefined ? {} : { requestId };
}
