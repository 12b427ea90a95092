// A peer in a process of its own: `node echo-server.ts raw|jsonrpc SOCKET`. Sends `ready` when it listens.
import * as net from 'node:net';
import rpc from 'vscode-jsonrpc/node';

const [kind, address] = process.argv.slice(2);
const ready = (): void => void process.send?.('ready');

if (kind === 'raw') {
  net
    .createServer(
      (socket) => void socket.on('data', (data) => socket.write(data)).on('error', () => {}),
    )
    .listen(address, ready);
} else {
  net
    .createServer((socket) => {
      const connection = rpc.createMessageConnection(
        new rpc.StreamMessageReader(socket),
        new rpc.StreamMessageWriter(socket),
      );
      connection.onRequest('echo', (message: unknown) => message);
      connection.listen();
      socket.on('error', () => connection.dispose());
    })
    .listen(address, ready);
}
process.on('disconnect', () => process.exit(0));
