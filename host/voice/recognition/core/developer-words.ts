/*
 * How developers say what no dictionary of English has. One word a line: `word how`, where `how` is
 * English words (`web pack`), sounds of the ARPABET in capitals (`R EH JH EH K S`), or letters said one by
 * one (`=NPM`). Several ways are separated by `,`.
 */
const lines = `
api =API
apis =API Z
apt =APT,apt
arg AA R G
args AA R G Z
argv AA R G V IY
ascii AE S K IY
async EY S IH NG K
auth AO TH
autocomplete auto complete
autosave auto save
aws =AWS
axios AE K S IY OW S
azure AE ZH ER
babel B AE B AH L,B EY B AH L
bash B AE SH
biome B AY OW M
boolean B UW L IY AH N
breadcrumb bread crumb
breakpoint break point
breakpoints break points
bun B AH N
cargo K AA R G OW
changelog change log
chmod =CH mod
ci =CI
clang K L AE NG
cli =CLI
cmake =C make
cmd command,=CMD
codebase code base
codelens code lens
codicon K OW D IH K AA N
config K AH N F IH G
configs K AH N F IH G Z
cors K AO R Z
cpp =CPP,=C plus plus
cron K R AA N
crud K R AH D
css =CSS
csv =CSV
ctrl control
curl K ER L
cwd =CWD
cypress S AY P R AH S
dart D AA R T
dashboard dash board
dataset data set
db =DB
debian D EH B IY AH N
debug D IY B AH G
debugger D IY B AH G ER
debuggers D IY B AH G ER Z
debugging D IY B AH G IH NG
deno D IY N OW,D EH N OW
dep D EH P
deps D EH P S
dev D EH V
devcontainer D EH V container
devops D EH V AA P S
devtools D EH V tools
diff D IH F
diffs D IH F S
dir D IH R,D ER
dirs D IH R Z
django JH AE NG G OW
dns =DNS
docker D AA K ER
dockerfile D AA K ER file
docs D AA K S
dom D AA M
dotenv dot EH N V
dotfiles dot files
dotnet dot net
downtime down time
dts =DTS
e2e end to end,=E two =E
elasticsearch elastic search
electron IH L EH K T R AA N
elixir IH L IH K S ER
emacs IY M AE K S
enum IY N AH M
enums IY N AH M Z
env EH N V
eof =EOF
esbuild =ES build
eslint =ES lint
esm =ESM
exe =EXE
express express
fastapi fast =API
filename file name
firefox fire fox
flutter flutter
fmt format
folder folder
formatter F AO R M AE T ER
frontend front end
backend back end
func F AH NG K
gcc =GCC
gdb =GDB
git G IH T
gitignore G IH T ignore
github G IH T hub
gitlab G IH T lab
glob G L AA B
golang go L AE NG
goto go to
gpu =GPU
gradle G R EY D AH L
grafana G R AH F AA N AH
graphql graph =QL
grep G R EH P
grpc =GRPC
gui G UW IY,=GUI
gulp G AH L P
gzip =G zip
haskell HH AE S K AH L
helm helm
heroku HH EH R OW K UW
homebrew home brew
hostname host name
href =H R EH F
html =HTML
http =HTTP
https =HTTPS
hugo HH Y UW G OW
ide =IDE
iframe eye frame
impl IH M P AH L
init IH N IH T
inlay inlay
int IH N T
intellisense intelli sense,IH N T EH L IH S EH N S
io =IO
ip =IP
iot =IOT
ipynb notebook
java JH AA V AH
javascript JH AA V AH script
jest jest
jinja JH IH N JH AH
jquery =J query
js =JS
json JH EY S AH N
jsonc JH EY S AH N =C
jsx =JSX
jupyter JH UW P IH T ER
jwt =JWT
k8s K UW B ER N EH T IY Z
kafka K AA F K AH
keybinding key binding
keybindings key bindings
keymap key map
kotlin K AA T L IH N
kubectl K Y UW B control,K Y UW B =CTL
kubernetes K UW B ER N EH T IY Z,K UW B ER N EY T IY Z
lambda L AE M D AH
laravel L EH R AH V EH L
latex L EY T EH K
lerna L ER N AH
lib L IH B
libs L IH B Z
lint L IH N T
linter L IH N T ER
linting L IH N T IH NG
linux L IH N AH K S
lldb =LLDB
llm =LLM
localhost local host
lockfile lock file
lodash low dash
logfile log file
lsp =LSP
lua L UW AH
macos M AE K =OS
makefile make file
markdown mark down
maven M EY V AH N
mcp =MCP
md =MD,mark down
merge merge
metadata M EH T AH D EY T AH
mica M AY K AH
microservice micro service
middleware middle W EH R
minify M IH N IH F AY
minimap mini map
mkdir make D IH R,=MK D IH R
mocha M OW K AH
mongo M AA NG G OW
mongodb M AA NG G OW =DB
monorepo mono R IY P OW
mutex M Y UW T EH K S
mypy my pie
mysql my =SQL,my sequel
namespace name space
neovim N IY OW V IH M
nestjs nest =JS
netlify N EH T L IH F AY
nextjs next =JS
nginx engine =X
ngrok =EN grok,EH N G R AA K
nodejs node =JS
nodemon node M AA N
npm =NPM
npx =NPX
nuget new get
null N AH L
numpy N AH M P AY
nuxt N AH K S T
nvm =NVM
nx =NX
oauth =O AO TH
ok okay
onboarding on boarding
openapi open =API
openssl open =SSL
orm =ORM
os =OS
oxlint =OX lint,ox lint
param P ER AE M
params P ER AE M Z
parser P AA R S ER
pdf =PDF
perf P ER F
perl P ER L
php =PHP
pid =PID,P IH D
pip P IH P
pipenv P IH P EH N V
plaintext plain text
playwright play right
plugin plug in
plugins plug ins
png =PNG
pnpm =PNPM
podman P AA D M AE N
poetry poetry
polyfill poly fill
postgres P OW S T G R EH S
postgresql P OW S T G R EH S =QL
powershell power shell
pr =PR
precommit pre commit
prettier prettier
prisma P R IH Z M AH
prod P R AA D
proto P R OW T OW
protobuf P R OW T OW B AH F
py pie,=PY
pylint pie lint
pypi pie =PI
pytest pie test
python P AY TH AA N
pytorch pie torch
qa =QA
query query
quickfix quick fix
ram R AE M
readme read me
rebase R IY B EY S
rebased R IY B EY S T
recursive R IH K ER S IH V
redis R EH D IH S
redux R IY D AH K S
refactor R IY F AE K T ER
refactoring R IY F AE K T ER IH NG
refactorings R IY F AE K T ER IH NG Z
regex R EH JH EH K S,R EH G EH K S
regexp R EH G EH K S P
repl R EH P AH L
repo R IY P OW
repos R IY P OW Z
rest rest
rollup roll up
rpc =RPC
rsync =R S IH NG K
rubocop R UW B OW cop
ruby ruby
rustfmt rust format
sass S AE S
sbt =SBT
scala S K AA L AH
schema S K IY M AH
schemas S K IY M AH Z
scm =SCM
scss =SCSS
sdk =SDK
serde S ER D IY
serverless server less
sha SH AA
shader SH EY D ER
shebang SH AH B AE NG
sidebar side bar
snyk S N IY K
sourcemap source map
sourcemaps source maps
sparql sparkle
spec S P EH K
specs S P EH K S
sql =SQL,sequel
sqlite =SQL light,sequel light
src source,=SRC
ssh =SSH
ssl =SSL
stash stash
stderr standard error
stdin standard in
stdout standard out
storybook story book
str string
struct S T R AH K T
structs S T R AH K T S
stylelint style lint
stylesheet style sheet
subfolder sub folder
submodule sub module
submodules sub modules
substring sub string
sudo S UW D UW,S UW D OW
supabase S UW P AH base
svelte S V EH L T
svg =SVG
swiftui swift =UI
symlink S IH M L IH NG K
sync S IH NG K
syntax S IH N T AE K S
tailwind tail wind
tcp =TCP
terraform T EH R AH form
testid test =ID
tmux T IY M AH K S
todo to do
todos to dos,T UW D UW Z
toml T AA M AH L
toolbar tool bar
toolchain tool chain
tooltip tool tip
ts =TS
tsc =TSC
tsconfig =TS K AH N F IH G
tslint =TS lint
tsx =TSX
tty =TTY
turborepo turbo R IY P OW
txt text
typecheck type check
typedef type D EH F
typescript type script
ubuntu UW B UH N T UW
udp =UDP
ui =UI
uid =UID
undo AH N D UW
unmute un mute,AH N M Y UW T
unstage AH N S T EY JH
unstaged AH N S T EY JH D
uri =URI
url =URL
urls =URL Z
usb =USB
utf =UTF
util Y UW T IH L
utils Y UW T IH L Z
uuid =UUID
ux =UX
uvicorn Y UW V IH K AO R N
validator V AE L AH D EY T ER
vector vector
vercel V ER S EH L
vim V IH M
vite V IY T
vitest V IY T EH S T
vm =VM
vps =VPS
vpn =VPN
vscode =VS code
vsix =V six,V S IH K S
vue V Y UW
vuex V Y UW =X
wasm W AE Z AH M
webassembly web assembly
webgl web =GL
webhook web hook
webhooks web hooks
webpack web pack
websocket web socket
webstorm web storm
webview web view
whitespace white space
wifi W AY F AY
workflow work flow
workspace work space
workspaces work spaces
workbench work bench
wsl =WSL
xcode =X code
xml =XML
xss =XSS
yaml Y AE M AH L
yarn Y AA R N
yml Y AE M AH L
zig Z IH G
zip zip
zod Z AA D
zsh =Z SH EH L,=ZSH
zustand Z UW S T AA N D
`;

/** Word → ways to say it, each a list of parts. */
export const developerWords: ReadonlyMap<string, readonly string[]> = new Map(
  lines
    .trim()
    .split('\n')
    .map((line): [string, readonly string[]] => {
      const end = line.indexOf(' ');
      return [line.slice(0, end), line.slice(end + 1).split(',')];
    }),
);
