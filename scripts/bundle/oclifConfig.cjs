// oclif lets every command load the configuration of the CLI anew, which reads the manifest of every plugin. The CLI that runs a bundled
// command has done that already and hands it over. What loading leaves behind in oclif's cache is put there all the same: the flags
// that `--flags-dir` adds count only if the root plugin is known, exit codes and the colour of the spinner are the CLI's.
const Cache = require('oclif:cache').default;
const { setLogger } = require('oclif:logger');

exports.Config = {
  async load(config) {
    if (typeof config?.runHook !== 'function' || !(config.plugins?.size > 0)) {
      throw new Error('A bundled command runs in a CLI, which passes its configuration.');
    }
    setLogger(config.options);
    const rootPlugin = [...config.plugins.values()].find(({ root }) => root === config.root);
    Cache.getInstance()
      .set('rootPlugin', rootPlugin)
      .set('exitCodes', config.pjson.oclif.exitCodes ?? {});
    return config;
  },
};
