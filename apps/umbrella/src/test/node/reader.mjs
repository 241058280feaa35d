// A reader with the unmodified Phoenix client: joins a topic and prints a line for what it sees.
// usage: node reader.mjs ws://host:port/socket stream:slug readers
import { Socket } from "phoenix";
import WebSocket from "ws";

const [url, topic, readers] = process.argv.slice(2);
let joined = 0;
for (let reader = 0; reader < Number(readers); reader++) {
  const socket = new Socket(url, { transport: WebSocket });
  socket.connect();
  const channel = socket.channel(topic, {});
  for (const event of ["post", "post_updated", "post_withdrawn"]) {
    channel.on(event, (payload) => console.log(JSON.stringify({ reader, event, payload })));
  }
  channel
    .join()
    .receive("ok", () => {
      if (++joined === Number(readers)) {
        console.log(JSON.stringify({ event: "joined" }));
      }
    })
    .receive("error", (payload) => console.log(JSON.stringify({ event: "refused", payload })));
}
process.stdin.on("end", () => process.exit(0)).resume();
