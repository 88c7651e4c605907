// Elements without markup: text goes in as text, so that nothing of a portal is ever parsed.

type Attributes = Readonly<Record<string, string | number | boolean | null>>;

function assign(node: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) node.removeAttribute(name);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
}

/** Makes an HTML element; children are elements or text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  assign(node, attributes);
  node.append(...children);
  return node;
}

/** Makes an SVG element. */
export function draw(tag: string, attributes: Attributes = {}, ...children: (Node | string)[]): SVGElement {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  assign(node, attributes);
  node.append(...children);
  return node;
}

export function set(node: Element, attributes: Attributes): void {
  assign(node, attributes);
}

/** A button with a text. */
export function button(text: string, title: string, action: () => void): HTMLButtonElement {
  const node = make("button", { type: "button", title }, text);
  node.addEventListener("click", action);
  return node;
}

/** A list to choose from; `action` gets the chosen value. */
export function choice(
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  chosen: string,
  action: (value: string) => void,
): HTMLSelectElement {
  const node = make("select", { "aria-label": label, title: label });
  for (const [value, text] of options) {
    const option = make("option", { value }, text);
    option.selected = value === chosen;
    node.append(option);
  }
  node.addEventListener("change", () => { action(node.value); });
  return node;
}
