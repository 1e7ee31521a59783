// Makes elements, for the scripts that show something of their own.
// @ts-check
"use strict";

/**
 * An element with attributes and content; texts stay texts, whatever is in them.
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {(Node | string)[]} content
 */
globalThis.alertbook.element = (name, attributes = {}, ...content) => {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...content);
  return made;
};
