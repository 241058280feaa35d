// The unmodified Presence class of phoenix.js: two watchers and a crowd that comes, says something
// else, and goes. Prints "ok NAME" for each check; a failed one or 20 seconds of silence end it
// with status 1.
import assert from 'node:assert/strict'
import { Presence, Socket } from 'phoenix'
import WebSocket from 'ws'

const url = process.argv[2]
setTimeout(() => fail('nothing happened for 20 seconds'), 20_000).unref()
const fail = (why) => {
  console.log(`not ok ${why}`)
  process.exit(1)
}
process.on('unhandledRejection', (error) => fail(error?.stack ?? String(error)))

const enter = (user) =>
  new Promise((resolve, reject) => {
    const socket = new Socket(url, { transport: WebSocket, params: { user } })
    socket.connect()
    const channel = socket.channel('room:p', {})
    const presence = new Presence(channel)
    channel
      .join()
      .receive('ok', () => resolve({ user, socket, channel, presence }))
      .receive('error', reject)
  })
const seen = (watcher) => {
  const byKey = {}
  watcher.presence.list((key, { metas }) => (byKey[key] = metas))
  return byKey
}
const until = (watchers, holds) =>
  new Promise((resolve) => {
    const look = () => watchers.every((watcher) => holds(seen(watcher))) && resolve()
    watchers.forEach((watcher) => watcher.presence.onSync(look))
    look()
  })
const check = async (name, body) => {
  await body()
  console.log(`ok ${name}`)
}

const first = await enter('first')
let crowd = []
await check('sees a crowd come', async () => {
  crowd = await Promise.all([...Array(60).keys()].map((i) => enter(`u${i % 40}`)))
  await until([first], (all) => Object.keys(all).length === 41)
  assert.equal(seen(first).u0.length, 2)
  assert.equal(seen(first).u39.length, 1)
})
const second = await enter('second')
const watchers = [first, second]
await check('sees updates', async () => {
  for (const { channel } of crowd) channel.push('update', { away: true })
  await until(watchers, (all) =>
    crowd.every(({ user }) => all[user]?.every((meta) => meta.away && meta.phx_ref_prev)),
  )
  assert.equal(seen(second).u0.length, 2)
})
await check('sees some leave and some lose their connection, while others come', async () => {
  const left = new Set()
  crowd.forEach((one, i) => {
    if (i % 3 === 0) one.channel.leave()
    else if (i % 3 === 1) one.socket.disconnect()
    else left.add(one.user)
  })
  const late = await Promise.all([...Array(20).keys()].map((i) => enter(`late${i}`)))
  late.forEach(({ user }) => left.add(user))
  const expected = ['first', 'second', ...left].sort().join()
  await until(watchers, (all) => Object.keys(all).sort().join() === expected)
})
await check('tells who joins and who leaves', async () => {
  const told = []
  first.presence.onJoin((key, current) => told.push(`${key} ${current ? 'again' : 'new'}`))
  first.presence.onLeave((key, current) => told.push(`${key} left ${current.metas.length}`))
  const one = await enter('guest')
  await until([first], (all) => all.guest)
  const two = await enter('guest')
  await until([first], (all) => all.guest.length === 2)
  one.socket.disconnect()
  await until([first], (all) => all.guest.length === 1)
  two.channel.leave()
  await until([first], (all) => !all.guest)
  assert.deepEqual(told, ['guest new', 'guest again', 'guest left 1', 'guest left 0'])
})
process.exit(0)
