const shell = document.getElementById("page");
fetch(shell.dataset.content)
  .then(answer => answer.json())
  .then(content => setTimeout(() => {
    document.title = content.title;
    const part = document.createElement("div");
    part.innerHTML = content.body;
    shell.replaceWith(...part.childNodes);
  }, 400));
