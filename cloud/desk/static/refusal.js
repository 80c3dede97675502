// Why the desk does not go on, as a sentence for the person who sits before it.

export class Refusal extends Error {
  constructor(sentence) {
    super(sentence);
    this.name = "Refusal";
  }
}
