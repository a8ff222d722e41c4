// description: the two files and what points from one into the other.

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const HOME = 'openapi.json';

export class Description {
    /** documents: file name -> its JSON */
    constructor(documents) {
        this.documents = documents;
    }

    static async load(names) {
        const answers = await Promise.all(names.map((name) => fetch(name)));
        const bodies = await Promise.all(answers.map((answer) => answer.json()));
        return new Description(Object.fromEntries(names.map((name, i) => [name, bodies[i]])));
    }

    get openapi() {
        return this.documents[HOME];
    }

    get asyncapi() {
        return this.documents['asyncapi.json'];
    }

    /** What a reference stands for; anything else as it is. */
    follow(thing, home = HOME) {
        if (!thing?.$ref) return thing;
        const [file, path] = thing.$ref.split('#');
        const steps = path
            .split('/')
            .slice(1)
            .map((step) => step.replaceAll('~1', '/'));
        const found = steps.reduce((at, step) => at[step], this.documents[file || home]);
        return this.follow(found, file || home);
    }

    schemas() {
        return { ...this.asyncapi.components.schemas, ...this.openapi.components.schemas };
    }

    /** The tags in their order, each with its operations in the order of the paths. */
    groups() {
        const all = Object.entries(this.openapi.paths).flatMap(([path, item]) =>
            METHODS.filter((method) => item[method]).map((method) => ({
                ...item[method],
                method,
                path,
                parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map(
                    (one) => this.follow(one),
                ),
            })),
        );
        return this.openapi.tags.map((tag) => ({
            ...tag,
            operations: all.filter(({ tags }) => tags.includes(tag.name)),
        }));
    }
}
