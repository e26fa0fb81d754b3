// Core's logger starts a thread with pino in it, which costs up to a second at the end of a command. The parts of core in this bundle
// log for debugging only, so they get core's own logger when somebody debugs, and otherwise one that writes nothing.
const quiet = () => undefined;

class QuietLogger {
  static childFromRoot = () => new QuietLogger();
  static child = async () => new QuietLogger();
  trace = quiet;
  debug = quiet;
  info = quiet;
  warn = quiet;
  error = quiet;
  fatal = quiet;
}

const debugging = Boolean(process.env.SF_LOG_LEVEL || process.env.SFDX_LOG_LEVEL || process.env.DEBUG);
module.exports = { Logger: debugging ? require('@salesforce/core/logger').Logger : QuietLogger };
