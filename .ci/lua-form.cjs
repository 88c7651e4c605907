// Says which Lua files, named on standard input, are not in the form of StyLua with the settings of a
// file. WRITE=1 puts them in form. The program itself is published for npm as a library only.
const fs = require('node:fs');
const stylua = require('@johnnymorganz/stylua');

const settings = {
  syntax: [stylua.LuaVersion],
  column_width: [],
  indent_type: [stylua.IndentType],
  indent_width: [],
  quote_style: [stylua.QuoteStyle],
};

function config() {
  const made = stylua.Config.new();
  for (const line of fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean)) {
    const [, key, value] = /^(\w+) = (.*)$/.exec(line);
    const [names] = settings[key];
    made[key] = names ? names[JSON.parse(value)] : Number(value);
  }
  return made;
}

let wrong = 0;
for (const path of fs.readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const text = fs.readFileSync(path, 'utf8');
  const formed = stylua.formatCode(text, config(), undefined, stylua.OutputVerification.Full);
  if (formed === text) continue;
  if (process.env.WRITE) {
    fs.writeFileSync(path, formed);
  } else {
    wrong += 1;
    console.log(`${path}: not in form`);
  }
}
process.exit(wrong ? 1 : 0);
