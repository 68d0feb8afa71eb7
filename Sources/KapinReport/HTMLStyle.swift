/// The looks and the one behaviour of report.html.
enum HTMLStyle {
  static let css = """
    :root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--line:#d8dee4;--paper:#fff;--wash:#f6f8fa;--ready:#116329;--event:#7d4e00;--cannot:#82071e;--accent:#0a53be}
    @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9198a1;--line:#30363d;--paper:#0d1117;--wash:#161b22;--ready:#3fb950;--event:#d29922;--cannot:#ff7b72;--accent:#79b8ff}}
    *{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
    header,main,footer{max-width:62rem;margin:0 auto;padding:0 1.5rem}header{padding-top:2.5rem}
    .brand{margin:0;letter-spacing:.2em;font-size:.75rem;font-weight:700;color:var(--accent)}h1{margin:.2rem 0 1.2rem;font-size:2.2rem;line-height:1.15;overflow-wrap:anywhere}
    h2{margin:0 0 .3rem;font-size:1.45rem}h3{margin:0;font-size:1.05rem}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.75rem}.tile{background:var(--wash);border:1px solid var(--line);border-radius:.6rem;padding:.8rem 1rem}
    .tile b{display:block;font-size:1.9rem;line-height:1.1;font-variant-numeric:tabular-nums}.tile span{color:var(--soft);font-size:.85rem}
    .proof{margin:1rem 0;font-size:.95rem}.proof.ok,.proven{color:var(--ready)}.proof.bad,.failed{color:var(--cannot)}.proof.warn{color:var(--event)}
    nav{display:flex;flex-wrap:wrap;gap:.4rem 1.2rem;border-top:1px solid var(--line);border-bottom:1px solid var(--line);padding:.7rem 0;margin:1.2rem 0}a{color:var(--accent)}
    section{margin:2.2rem 0}.confidence{font-size:.85rem;font-weight:500;color:var(--soft);border:1px solid var(--line);border-radius:1rem;padding:.1rem .6rem;vertical-align:middle}
    .facts{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1rem;margin:.8rem 0;font-size:.92rem}dt{color:var(--soft)}dd{margin:0}
    code{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace;background:var(--wash);border-radius:.3rem;padding:.08rem .35rem;overflow-wrap:anywhere}
    pre{background:var(--wash);border:1px solid var(--line);border-radius:.5rem;padding:1rem;overflow:auto;margin:.5rem 0}pre code{background:none;padding:0;overflow-wrap:normal}
    .metric{border:1px solid var(--line);border-radius:.7rem;padding:1rem 1.2rem;margin:.9rem 0}.metric p{margin:.35rem 0}.title,.reason{color:var(--soft);font-size:.92rem}
    .mark{font-size:.75rem;font-weight:600;border-radius:1rem;padding:.12rem .6rem;border:1px solid currentColor;white-space:nowrap;vertical-align:middle}.ready{color:var(--ready)}.event{color:var(--event)}.cannot{color:var(--cannot)}
    .links a{margin-right:1.2rem}details{margin:.5rem 0}summary{cursor:pointer}.evidence{margin:.4rem 0;padding-left:1.2rem;font-size:.92rem}.at,.more{color:var(--soft);font-size:.86em;overflow-wrap:anywhere}
    .copy{float:right;margin:.9rem .6rem 0 0;font:inherit;font-size:.85rem;border:1px solid var(--line);border-radius:.4rem;background:var(--paper);color:var(--ink);cursor:pointer;padding:.15rem .7rem}
    .trace{display:flex;flex-wrap:wrap;align-items:stretch;gap:.45rem 0;list-style:none;margin:.6rem 0 1rem;padding:0}.trace li{display:flex;align-items:stretch}.box{display:flex;flex-direction:column;max-width:15rem;border:1px solid var(--line);border-left:.28rem solid var(--soft);border-radius:.45rem;background:var(--wash);padding:.35rem .65rem;font-size:.86rem}
    .box b{font-weight:600;overflow-wrap:anywhere}.box small{color:var(--soft);font-size:.7rem;letter-spacing:.06em;text-transform:uppercase}.box.page,.box.component{border-left-color:var(--accent)}.box.table{border-left-color:var(--ready)}
    .hop{display:flex;align-items:center;color:var(--soft);font-size:.74rem;padding:0 .35rem}.hop span{border-bottom:2px solid var(--soft);padding:0 .3rem .1rem}.hop:after{content:"▸";margin-left:-.1rem}.hop.unsure span{border-bottom-style:dashed}
    table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.45rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}th{font-weight:500;color:var(--soft);width:16rem}
    footer{color:var(--soft);font-size:.85rem;padding-top:1.5rem;padding-bottom:2.5rem}@media(max-width:40rem){.facts{grid-template-columns:1fr}th{width:auto}}
    """

  static let script = """
    for(const button of document.querySelectorAll(".copy"))button.addEventListener("click",async()=>{const text=button.nextElementSibling.textContent;try{await navigator.clipboard.writeText(text);button.textContent="Copied"}catch{const range=document.createRange();range.selectNodeContents(button.nextElementSibling);const selection=getSelection();selection.removeAllRanges();selection.addRange(range);button.textContent="Selected"}});
    """
}
