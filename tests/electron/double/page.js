// A page that speaks the protocol over the bridge by hand, for the tests of the shell.
const { longtake } = window;
let connection;
let nextId = 0;
const pending = new Map();
window.opened = [];
window.actions = [];
window.closes = 0;
window.connect = () => {
  connection = longtake.connect();
  connection.onMessage((message) => {
    if (message.type === 'hello') window.hello = message;
    const waiting = pending.get(message.id);
    if (message.type === 'reply') waiting?.resolve(message.result);
    if (message.type === 'error') waiting?.reject(new Error(message.error.message));
  });
  connection.onClose(() => { window.closes++; });
  connection.send({ type: 'hello', version: 1 });
};
window.request = (method, params = {}) => new Promise((resolve, reject) => {
  const id = nextId++;
  pending.set(id, { resolve, reject });
  connection.send({ type: 'request', id, method, params });
});
window.endConnection = () => { connection.close(); };
window.connect();
longtake.onOpenFiles((paths) => { window.opened.push(...paths); });
longtake.onAction((id) => { window.actions.push(id); });
try { window.evaluated = eval('1'); } catch (error) { window.evaluated = error.name; }
window.ready = true;
