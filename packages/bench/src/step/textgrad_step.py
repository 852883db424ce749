"""One optimisation step of TextGrad, the way its documentation writes it, on the provider of OPENAI_BASE_URL.

Prints the seconds of each repeat as JSON. Arguments: examples in the minibatch, repeats.
"""

import json
import sys
import time

import textgrad as tg

examples, repeats = int(sys.argv[1]), int(sys.argv[2])
engine = tg.get_engine("gpt-4o")
tg.set_backward_engine(engine)


def step(run):
    system = tg.Variable(f"Answer step by step (run {run}).", requires_grad=True, role_description="system prompt")
    model = tg.BlackboxLLM(engine, system)
    optimizer = tg.TGD(parameters=[system], engine=engine)
    judge = tg.TextLoss("Evaluate the answer, be critical.", engine=engine)
    questions = [
        tg.Variable(f"question {run}-{i}", requires_grad=False, role_description="question") for i in range(examples)
    ]
    tg.sum([judge(model(question)) for question in questions]).backward()
    optimizer.step()


def seconds(run):
    start = time.perf_counter()
    step(run)
    return time.perf_counter() - start


print(json.dumps([seconds(run) for run in range(1, repeats + 1)]))
