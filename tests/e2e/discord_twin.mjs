// Starts a Discord of our own on the loopback (the npm package discord-digital-twin), and a door through which a test
// plays its people: POST /<what> with a JSON object. The first line printed tells every address and id.
import http from 'node:http'
import net from 'node:net'

// Whatever listens without naming a host listens on the loopback only.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (first, ...rest) {
  if (typeof first === 'object' && first !== null && !('path' in first) && !('fd' in first)) {
    return listen.call(this, { ...first, host: '127.0.0.1' }, ...rest)
  }
  const port = typeof first === 'number' || /^\d+$/.test(String(first ?? ''))
  return port ? listen.call(this, Number(first), '127.0.0.1', ...rest.filter(each => typeof each === 'function'))
              : listen.call(this, first, ...rest)
}

const { DigitalDiscord } = await import('discord-digital-twin')
const TEXT = 0, NEWS = 5, FORUM = 15
const discord = new DigitalDiscord({
  guild: { name: 'Test server' },
  channels: [{ name: 'news', type: TEXT }, { name: 'other', type: TEXT },
             { name: 'herald', type: NEWS }, { name: 'forum', type: FORUM }],
  users: [{ username: 'alice' }],
  botToken: process.env.BOT_TOKEN,
})
await discord.start()

// Sessions are not resumed here: say so, as Discord does, and a new one is begun.
discord.server.gateway.wss.on('connection', socket => socket.on('message', text => {
  if (JSON.parse(String(text)).op === 6) socket.send(JSON.stringify({ op: 9, d: false, s: null, t: null }))
}))

const role = String(BigInt(discord.guildId) + 7n)
await discord.prisma.role.create({ data: { id: role, guildId: discord.guildId, name: 'Partners', mentionable: true } })
const alice = await discord.getFirstNonBotUserId()
const channels = Object.fromEntries((await discord.prisma.channel.findMany()).map(each => [each.name, each.id]))
const doors = {
  slash: asked => discord.channel(asked.channelId).user(alice).runSlashCommand(asked),
  interaction: asked => discord.simulateInteraction({ userId: alice, guildId: discord.guildId, ...asked }),
  messages: asked => discord.channel(asked.channelId).getMessages(),
  delete: asked => discord.prisma.channel.deleteMany({ where: { id: asked.channelId } }),
  thread: asked => discord.prisma.channel.findMany({ where: { parentId: asked.channelId } }),
  permissions: asked => discord.prisma.guildMember.updateMany({
    where: { userId: alice }, data: { permissions: asked.permissions } }),
  drop: asked => { for (const each of discord.server.gateway.clients) each.ws.close(asked.code ?? 4000); return 'dropped' },
}
const door = http.createServer((request, response) => {
  let text = ''
  request.on('data', piece => { text += piece })
  request.on('end', async () => {
    response.setHeader('content-type', 'application/json')
    try {
      const told = await doors[request.url.slice(1)](JSON.parse(text || '{}'))
      response.end(JSON.stringify(told ?? null, (_, value) => typeof value === 'bigint' ? String(value) : value))
    } catch (error) {
      response.statusCode = 500
      response.end(JSON.stringify({ error: String(error?.stack ?? error) }))
    }
  })
})
door.listen(0, '127.0.0.1', () => console.log(JSON.stringify({
  rest: `${discord.restUrl}/v10`, gateway: discord.gatewayUrl, door: `http://127.0.0.1:${door.address().port}`,
  guild: discord.guildId, bot: discord.botUserId, alice, channels, role,
})))
