import { displayNumber, type Account } from "../world/account.ts";

const style = `
:root{color-scheme:light dark;--ink:#13211f;--soft:#5b6b69;--paper:#fff;--back:#eef3f2;--line:#d4dedc;--accent:#0f766e}
@media(prefers-color-scheme:dark){:root{--ink:#e6efed;--soft:#9db0ad;--paper:#17211f;--back:#0e1514;--line:#2c3a38;--accent:#2aa79b}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--back);color:var(--ink);font:15px/1.5 Inter,system-ui,sans-serif;padding:16px;accent-color:var(--accent)}
main{width:100%;max-width:440px;background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:24px}
h1{font-size:19px;margin:0 0 4px}p{margin:0 0 16px;color:var(--soft)}fieldset{border:1px solid var(--line);border-radius:8px;margin:0 0 16px;padding:8px 14px}
legend{font-weight:600;padding:0 4px}label{display:flex;gap:10px;align-items:center;padding:6px 0}small{color:var(--soft);display:block}
input[type=tel],input[type=text]{width:100%;font:inherit;color:inherit;padding:8px 10px;border:1px solid var(--line);border-radius:8px;background:transparent;margin:0 0 8px}
footer{display:flex;gap:8px;justify-content:flex-end}button{font:inherit;font-weight:600;border-radius:8px;padding:8px 16px;border:1px solid var(--line);background:transparent;color:inherit;cursor:pointer}
button.main{background:var(--accent);border-color:var(--accent);color:#fff}#trouble{color:#c92a2a;min-height:1.5em;margin:0 0 8px}@media(prefers-color-scheme:dark){#trouble{color:#ff8787}button.main{color:#06110f}}`;

const script = `
const {redirectUri,state,origin}=JSON.parse(document.getElementById("setting").textContent);
const trouble=document.getElementById("trouble");
function tell(message){if(window.opener)window.opener.postMessage(JSON.stringify({type:"WA_EMBEDDED_SIGNUP",version:3,...message}),origin||"*")}
function leave(values){if(!redirectUri){window.opener?window.close():document.querySelector("main").textContent="Done. You can close this window.";return}
const to=new URL(redirectUri);for(const [name,value] of Object.entries(values))to.searchParams.set(name,value);if(state)to.searchParams.set("state",state);location.assign(to)}
document.getElementById("cancel").onclick=()=>{tell({event:"CANCEL",data:{current_step:"PHONE_NUMBER_SETUP"}});leave({error:"access_denied",error_reason:"user_denied",error_description:"The user denied the request."})};
document.getElementById("form").onsubmit=async(event)=>{event.preventDefault();trouble.textContent="";const picked=new FormData(event.target);
const isNew=picked.get("number")==="new";const body={...(isNew?{newNumber:picked.get("newNumber"),verifiedName:picked.get("verifiedName")}:{phoneNumberId:picked.get("number")}),...(redirectUri?{redirectUri}:{})};
const answer=await fetch("/dialog/oauth/finish",{method:"POST",headers:{"content-type":"application/json"},body:JSON.stringify(body)});const result=await answer.json();
if(!answer.ok){trouble.textContent=result.error.message;return}
tell({event:"FINISH",data:result.data,...(redirectUri?{}:{code:result.code,state})});leave({code:result.code})};`;

/** The dialog itself. Everything that comes from the query is escaped. */
export function dialogPage(nonce: string, account: Account, query: { redirect_uri?: string; state?: string; origin?: string }): string {
  const setting = { redirectUri: query.redirect_uri ?? "", state: query.state ?? "", origin: targetOf(query) };
  const numbers = [...account.numbers.values()].map(
    (number, index) =>
      `<label><input type="radio" name="number" value="${number.id}"${index === 0 ? " checked" : ""}> <span>${displayNumber(number.digits)}<small>${escape(number.verifiedName)}</small></span></label>`,
  );
  return page(
    nonce,
    `<h1>Connect WhatsApp to ${escape(account.appName)}</h1><p>A simulated Facebook login. Nothing leaves this machine.</p>
<form id="form"><fieldset><legend>WhatsApp Business account</legend><label><input type="radio" name="waba" value="${account.wabaId}" checked> <span>${escape(account.name)}<small>${account.wabaId}</small></span></label></fieldset>
<fieldset><legend>Phone number</legend>${numbers.join("")}<label><input type="radio" name="number" value="new"> <span>Add a number</span></label>
<input type="tel" name="newNumber" placeholder="+1 555 010 0177" aria-label="New number"><input type="text" name="verifiedName" placeholder="Display name" aria-label="Display name"></fieldset>
<p id="trouble" role="alert"></p><footer><button type="button" id="cancel">Cancel</button><button class="main">Continue</button></footer></form>
<script type="application/json" id="setting" nonce="${nonce}">${JSON.stringify(setting).replaceAll("<", "\\u003c")}</script><script nonce="${nonce}">${script}</script>`,
  );
}

export function refusalPage(nonce: string, message: string): string {
  return page(nonce, `<h1>This login cannot go on</h1><p>${escape(message)}</p>`);
}

/** Who may hear the result: the origin named, else that of the address to return to. */
function targetOf(query: { redirect_uri?: string; origin?: string }): string {
  for (const candidate of [query.origin, query.redirect_uri]) if (candidate && URL.canParse(candidate)) return new URL(candidate).origin;
  return "";
}

function page(nonce: string, content: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Log in with Facebook (simulated)</title><style nonce="${nonce}">${style}</style></head><body><main>${content}</main></body></html>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
