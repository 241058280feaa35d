// The unmodified phoenix.js against the demo server, one check after the other. Prints "ok NAME"
// for each; a failed check or 20 seconds of silence end it with status 1.
import assert from 'node:assert/strict'
import { Socket } from 'phoenix'
import WebSocket from 'ws'

const url = process.argv[2]
setTimeout(() => fail('nothing happened for 20 seconds'), 20_000).unref()
const fail = (why) => {
  console.log(`not ok ${why}`)
  process.exit(1)
}
process.on('unhandledRejection', (error) => fail(error?.stack ?? String(error)))

const open = (params, more = {}) => {
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
const outcome = (push) =>
  new Promise((resolve) =>
    push
      .receive('ok', (response) => resolve(['ok', response]))
      .receive('error', (response) => resolve(['error', response]))
      .receive('timeout', () => resolve(['timeout'])),
  )
const next = (channel, event) =>
  new Promise((resolve) => {
    const ref = channel.on(event, (payload) => {
      channel.off(event, ref)
      resolve(payload)
    })
  })
const check = async (name, body) => {
  await body()
  console.log(`ok ${name}`)
}

const socket = open({ user: 'node' })
const channel = socket.channel('room:reply', { x: 1 })

await check('joins', async () => {
  assert.deepEqual(await outcome(channel.join()), ['ok', { hello: { x: 1 } }])
})
await check('is refused', async () => {
  const denied = socket.channel('room:deny', {})
  assert.deepEqual(await outcome(denied.join()), ['error', { reason: 'denied', got: {} }])
  denied.leave()
})
await check('pushes and gets replies', async () => {
  assert.deepEqual(await outcome(channel.push('echo', { a: [1, 'ü'] })), ['ok', { a: [1, 'ü'] }])
  assert.deepEqual(await outcome(channel.push('err', {})), ['error', { why: 1 }])
  assert.deepEqual(await outcome(channel.push('noreply', {}, 200)), ['timeout'])
})
await check('gets a binary reply', async () => {
  const [status, bytes] = await outcome(channel.push('echo', new Uint8Array([1, 2, 255]).buffer))
  assert.equal(status, 'ok')
  assert.deepEqual([...new Uint8Array(bytes)], [1, 2, 255])
})
await check('receives broadcasts, its own and those of others', async () => {
  const other = open({})
  const elsewhere = other.channel('room:reply', {})
  await outcome(elsewhere.join())
  const both = [next(channel, 'shout'), next(elsewhere, 'shout')]
  elsewhere.push('shout', { n: 1 })
  assert.deepEqual(await Promise.all(both), [{ n: 1 }, { n: 1 }])
  const seen = next(channel, 'shout_out')
  elsewhere.push('shout_out', { n: 2 })
  assert.deepEqual(await seen, { n: 2, seen_by: 'node' })
  other.disconnect()
})
await check('joins again by itself after a crash of the channel', async () => {
  let joins = 0
  channel.joinPush.receive('ok', () => joins++)
  const crashed = new Promise((resolve) => channel.onError(resolve))
  channel.push('crash', {})
  await crashed
  while (channel.state !== 'joined') await new Promise(setImmediate)
  assert.equal(joins, 2) // told at once about the first, then about the second
  assert.deepEqual(await outcome(channel.push('echo', { b: 2 })), ['ok', { b: 2 }])
})
await check('connects and joins again after a disconnect by id', async () => {
  const closed = new Promise((resolve) => socket.onClose(resolve))
  await fetch(url.replace('ws', 'http').replace('/socket', '/kick/node'))
  assert.equal((await closed).code, 1001)
  while (channel.state !== 'joined') await new Promise(setImmediate)
  assert.deepEqual(await outcome(channel.push('echo', { c: 3 })), ['ok', { c: 3 }])
})
await check('leaves', async () => {
  const closed = new Promise((resolve) => channel.onClose(resolve))
  assert.equal((await outcome(channel.leave()))[0], 'ok')
  await closed
})
await check('offers its token as a sub-protocol', async () => {
  const bearer = open({}, { authToken: 'secret' })
  assert.equal((await outcome(bearer.channel('room:a', {}).join()))[0], 'ok')
  bearer.disconnect()
})
socket.disconnect()
process.exit(0)
