// Core imports memfs for browsers. Here, files are files.
module.exports = {};
