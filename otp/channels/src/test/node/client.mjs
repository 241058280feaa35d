// The unmodified phoenix.js against the demo server, one check after the other, over WebSocket or,
// with "longpoll" as a second argument, over long polling.
import assert from 'node:assert/strict'
import { LongPoll } from 'phoenix'
import WebSocket from 'ws'
import { check, next, open as openAt, outcome, until } from './check.mjs'
import { relay } from './relay.mjs'

const url = process.argv[2]
const polls = process.argv[3] === 'longpoll'
const transport = polls ? LongPoll : WebSocket
const open = (params, more = {}) => openAt(url, params, { transport, ...more })

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
  if (polls) return // text only, as with Phoenix
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
  await until(() => channel.state === 'joined')
  assert.equal(joins, 2) // told at once about the first, then about the second
  assert.deepEqual(await outcome(channel.push('echo', { b: 2 })), ['ok', { b: 2 }])
})
await check('connects and joins again after a disconnect by id', async () => {
  const closed = new Promise((resolve) => socket.onClose(resolve))
  await fetch(url.replace('ws', 'http').replace('/socket', '/kick/node'))
  assert.equal((await closed).code, polls ? 3410 : 1001)
  await until(() => channel.state === 'joined')
  assert.deepEqual(await outcome(channel.push('echo', { c: 3 })), ['ok', { c: 3 }])
})
await check('leaves', async () => {
  const closed = new Promise((resolve) => channel.onClose(resolve))
  assert.equal((await outcome(channel.leave()))[0], 'ok')
  await closed
})
await check('joins again by itself after the network was cut', async () => {
  const line = await relay(Number(new URL(url).port))
  const over = openAt(`ws://127.0.0.1:${line.port}/socket`, {}, { transport })
  const there = over.channel('room:reply', {})
  await outcome(there.join())
  const closed = new Promise((resolve) => over.onClose(resolve))
  line.cut()
  await closed
  assert.notEqual(there.state, 'joined')
  line.mend()
  await until(() => there.state === 'joined')
  assert.deepEqual(await outcome(there.push('echo', { d: 4 })), ['ok', { d: 4 }])
  over.disconnect()
  line.close()
})
await check('gets what it missed while it was away, each event once', async () => {
  const line = await relay(Number(new URL(url).port))
  const away = openAt(`ws://127.0.0.1:${line.port}/socket`, {}, { transport })
  let at = true
  const states = []
  const seen = []
  const kept = away.channel('room:kept', () => ({ resume: at }))
  kept.on('resume_state', (state) => {
    states.push(state.recovered)
    at = { epoch: state.epoch, offset: state.offset }
  })
  kept.on('shout', (payload, ref) => {
    at.offset = Number(ref.slice(1))
    seen.push(payload.n)
  })
  await outcome(kept.join())
  const here = open({}).channel('room:kept', {})
  const plain = []
  here.on('shout', (payload, ref) => plain.push([payload.n, ref]))
  await outcome(here.join())
  here.push('shout', { n: 1 })
  await until(() => seen.length === 1)
  line.cut()
  await until(() => kept.state === 'errored')
  here.push('shout', { n: 2 })
  here.push('shout', { n: 3 })
  await until(() => plain.length === 3)
  line.mend()
  await until(() => seen.length === 3)
  here.push('shout', { n: 4 })
  await until(() => seen.length === 4 && plain.length === 4)
  assert.deepEqual(seen, [1, 2, 3, 4])
  assert.deepEqual(states, [false, true])
  assert.deepEqual(plain[0], [1, null]) // who does not ask notices nothing
  away.disconnect()
  here.socket.disconnect()
  line.close()
})
await check('falls back to long polling where no WebSocket passes', async () => {
  const line = await relay(Number(new URL(url).port), { swallowUpgrades: true })
  const store = new Map()
  const fallen = openAt(`ws://127.0.0.1:${line.port}/socket`, {}, {
    longPollFallbackMs: 200,
    sessionStorage: { getItem: (k) => store.get(k), setItem: (k, v) => store.set(k, v) },
  })
  const there = fallen.channel('room:reply', { y: 1 })
  assert.deepEqual(await outcome(there.join()), ['ok', { hello: { y: 1 } }])
  assert.equal(fallen.transport, LongPoll)
  fallen.disconnect()
  line.close()
})
await check('offers its token as a sub-protocol', async () => {
  const bearer = open({}, { authToken: 'secret' })
  assert.equal((await outcome(bearer.channel('room:a', {}).join()))[0], 'ok')
  bearer.disconnect()
})
socket.disconnect()
process.exit(0)
