// A personal data server of Bluesky and the directory it asks, in one process, for tests on this machine.
const { PlcServer, Database } = require("@did-plc/server");
const { PDS, readEnv, envToCfg, envToSecrets } = require("@atproto/pds");

async function serve() {
  const directory = PlcServer.create({ db: Database.mock(), port: Number(process.env.PLC_PORT) });
  await directory.start();
  const env = readEnv();
  const server = await PDS.create(envToCfg(env), envToSecrets(env));
  await server.start();
  process.on("SIGTERM", async () => {
    await server.destroy();
    await directory.destroy();
    process.exit(0);
  });
}

serve().catch((error) => {
  console.error(error);
  process.exit(1);
});
