/** What stands in the place of an interface that is not in this checkout. It needs no script and no style of its own. */
export const notBuiltPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Longtake</title></head>
<body>
<h1>Longtake is running</h1>
<p>The engine is up and answers its protocol on this address, but the interface is not built in this checkout yet.</p>
<p>Everything works on the command line:</p>
<pre>npm run longtake -- chat                        talk about the sample video
npm run longtake -- ask VIDEO "QUESTION"        ask about your own
npm run longtake -- --help                      what else there is</pre>
</body>
</html>
`;
