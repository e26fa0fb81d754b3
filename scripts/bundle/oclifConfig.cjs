// oclif lets every command load the configuration of the CLI anew, which reads the manifest of every plugin. The CLI that runs a bundled
// command has done that already and hands it over.
exports.Config = {
  async load(options) {
    if (typeof options?.runHook === 'function' && options.plugins?.size > 0) return options;
    throw new Error('A bundled command runs in a CLI, which passes its configuration.');
  },
};
