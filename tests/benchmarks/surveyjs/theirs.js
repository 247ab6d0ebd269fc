// One answer in survey-core: see README.md beside this file.
const { Model } = require("survey-core");

const COUNT = Number(process.argv[2] || 1000);
const ANSWERS = Number(process.argv[3] || 300);
const LENGTH = 20;
const KINDS = ["yes_no", "choice", "number"];

function shape() {
  const elements = [];
  for (let at = 0; at < COUNT; at++) {
    const [part, place] = [Math.floor(at / LENGTH), at % LENGTH];
    const kind = place === 0 ? "yes_no" : KINDS[place % 3];
    const element = { name: `p${part}_q${place}`, kind };
    if (place > 0 && part % 2 === 0) {
      const before = `{p${part}_q${place - 1}}`;
      const kindBefore = place === 1 ? "yes_no" : KINDS[(place - 1) % 3];
      element.visibleIf = { yes_no: `${before} = true`, choice: `${before} = 'often'`, number: `${before} > 2` }[kindBefore];
    } else if (place > 0) {
      element.visibleIf = `{p${part}_q0} = true`;
    }
    elements.push(element);
  }
  return elements;
}

function random(seed) {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return Math.floor((state / 2147483647) * below);
  };
}

function answerTo(kind, next) {
  if (kind === "yes_no") return next(10) < 7;
  if (kind === "choice") return ["never", "some", "often", "often"][next(4)];
  return next(10);
}

function run(clear) {
  const asked = shape();
  const types = { yes_no: "boolean", choice: "radiogroup", number: "text" };
  const elements = asked.map((each) => ({
    type: types[each.kind], name: each.name, visibleIf: each.visibleIf,
    choices: each.kind === "choice" ? ["never", "some", "often"] : undefined,
    inputType: each.kind === "number" ? "number" : undefined,
  }));
  const survey = new Model({ clearInvisibleValues: clear, elements });
  const next = random(7);
  const times = [];
  for (let number = 0; number < ANSWERS; number++) {
    const question = asked[next(COUNT)];
    const value = answerTo(question.kind, next);
    const start = process.hrtime.bigint();
    survey.setValue(question.name, value);
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  times.sort((a, b) => a - b);
  const at = (part) => times[Math.floor(times.length * part)].toFixed(4);
  const visible = survey.getAllQuestions().filter((each) => each.isVisible).length;
  console.log(`survey-core, clearInvisibleValues ${clear}: median ${at(0.5)} ms, p99 ${at(0.99)} ms, visible ${visible}`);
}

run("none");
run("onHidden");
