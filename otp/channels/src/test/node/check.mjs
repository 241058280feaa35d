// What the scripts share: checks that print "ok NAME", and the first failure or 20 seconds of
// silence that end a script with status 1.
import { Socket } from 'phoenix'
import WebSocket from 'ws'

setTimeout(() => fail('nothing happened for 20 seconds'), 20_000).unref()
export const fail = (why) => {
  console.log(`not ok ${why}`)
  process.exit(1)
}
process.on('unhandledRejection', (error) => fail(error?.stack ?? String(error)))

export const open = (url, params, more = {}) => {
  const socket = new Socket(url, {
    transport: WebSocket,
    params,
    rejoinAfterMs: () => 50,
    reconnectAfterMs: () => 50,
    ...more,
  })
  socket.connect()
  return socket
}
export const outcome = (push) =>
  new Promise((resolve) =>
    push
      .receive('ok', (response) => resolve(['ok', response]))
      .receive('error', (response) => resolve(['error', response]))
      .receive('timeout', () => resolve(['timeout'])),
  )
export const next = (channel, event) =>
  new Promise((resolve) => {
    const ref = channel.on(event, (payload) => {
      channel.off(event, ref)
      resolve(payload)
    })
  })
export const until = async (condition) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}
export const check = async (name, body) => {
  await body()
  console.log(`ok ${name}`)
}
