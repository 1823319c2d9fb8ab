export function createEditor() { throw new Error("soon"); }
