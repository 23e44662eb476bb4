// The peer of ./bench for pages, start and memory: Node's own HTTPS server with one page in memory.
// usage: node tools/bench_peer.mjs PORT FOLDER_WITH_TLS_FILES FILE
import { readFileSync } from "node:fs";
import { createServer } from "node:https";

const [port, tls, file] = process.argv.slice(2);
const body = readFileSync(file);
createServer(
    { cert: readFileSync(`${tls}/certificate.pem`), key: readFileSync(`${tls}/key.pem`) },
    (request, response) => {
        response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Content-Length": body.length });
        response.end(body);
    },
).listen(Number(port), "127.0.0.1");
